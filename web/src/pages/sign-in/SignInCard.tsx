import { Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { setupQuery } from "../../api/sign_in";
import { useDocumentTitle } from "../../parts/useDocumentTitle";
import { Brand } from "./Brand";
import { DemoNote } from "./DemoNote";
import classes from "./SignInCard.module.css";

type Props = { title: string; description?: ReactNode; children: ReactNode; footer?: ReactNode };

/** The frame of every page for whoever is not signed in: the brand, and one thing to do. */
export function SignInCard({ title, description, children, footer }: Props) {
  useDocumentTitle(title);
  const setup = useQuery(setupQuery);
  return (
    <main className={classes.screen}>
      <div className={classes.column}>
        <Brand />
        {setup.data?.demo && <DemoNote />}
        <Paper withBorder shadow="sm" className={classes.card}>
          <Title order={1} size="h1">
            {title}
          </Title>
          {description && (
            <Text c="dimmed" mt={6}>
              {description}
            </Text>
          )}
          <div className={classes.body}>{children}</div>
        </Paper>
        {footer && <div className={classes.footer}>{footer}</div>}
      </div>
    </main>
  );
}
