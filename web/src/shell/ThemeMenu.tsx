import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

import { t } from "../texts";

const CHOICES = [
  { scheme: "light", icon: IconSun },
  { scheme: "dark", icon: IconMoon },
  { scheme: "auto", icon: IconDeviceDesktop },
] as const;

/** Light, dark, or as the system's; the browser remembers it. */
export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = CHOICES.find(({ scheme }) => scheme === colorScheme)?.icon ?? IconDeviceDesktop;
  const label = `${t.shell.theme.label}: ${t.shell.theme[colorScheme]}`;
  return (
    <Menu position="bottom-end" width={180} withinPortal={false}>
      <Menu.Target>
        {/* No `Tooltip` between: it would take what the menu tells its button. */}
        <ActionIcon size={32} variant="subtle" color="gray" aria-label={label} title={label}>
          <Current size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map(({ scheme, icon: Icon }) => (
          <Menu.Item
            key={scheme}
            // Mantine would say `menuitem`, which cannot be checked.
            renderRoot={(root) => (
              <button {...root} role="menuitemradio" aria-checked={scheme === colorScheme} />
            )}
            leftSection={<Icon size={15} stroke={1.75} aria-hidden />}
            rightSection={scheme === colorScheme ? <IconCheck size={14} aria-hidden /> : undefined}
            onClick={() => {
              setColorScheme(scheme);
            }}
          >
            {t.shell.theme[scheme]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
