import { useChangeUser, useResetFactors, useSignOutUser, type Member } from "../../api/people";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ConfirmDialog } from "./ConfirmDialog";
import { DeleteMemberDialog } from "./DeleteMemberDialog";
import { RoleOfMemberDialog } from "./RoleOfMemberDialog";

export type MemberDialog = "role" | "signOut" | "factors" | "disable" | "delete";

type Props = { member: Member; open: MemberDialog | null; onClose: () => void };

/** The dialogs of a member's actions, at most one of them open. */
export function MemberDialogs({ member, open, onClose }: Props) {
  const { signOutDialog, factorsDialog, disableDialog } = t.settings.members;
  const name = member.name ?? member.user_id;
  const change = useChangeUser();
  const signOut = useSignOutUser();
  const resetFactors = useResetFactors();
  return (
    <>
      <RoleOfMemberDialog member={member} isOpen={open === "role"} onClose={onClose} />
      <DeleteMemberDialog member={member} isOpen={open === "delete"} onClose={onClose} />
      <ConfirmDialog
        isOpen={open === "signOut"}
        title={signOutDialog.title(name)}
        text={signOutDialog.text}
        confirm={signOutDialog.submit}
        onConfirm={() =>
          signOut.mutateAsync(member.user_id).then(() => {
            notifyDone(signOutDialog.done(name));
          })
        }
        onClose={onClose}
      />
      <ConfirmDialog
        isOpen={open === "factors"}
        isDangerous
        title={factorsDialog.title(name)}
        text={factorsDialog.text}
        confirm={factorsDialog.submit}
        onConfirm={() =>
          resetFactors.mutateAsync(member.user_id).then(() => {
            notifyDone(factorsDialog.done(name));
          })
        }
        onClose={onClose}
      />
      <ConfirmDialog
        isOpen={open === "disable"}
        isDangerous
        title={disableDialog.title(name)}
        text={disableDialog.text}
        confirm={disableDialog.submit}
        onConfirm={() =>
          change
            .mutateAsync({ userId: member.user_id, changes: { status: "disabled" } })
            .then(() => {
              notifyDone(disableDialog.done(name));
            })
        }
        onClose={onClose}
      />
    </>
  );
}
