"""`make reset`: forgets one copy of the demo, except for the files it wrote to the outputs folder."""

import shutil
import sys

from stack.home import Home
from stack.postgres import EmbeddedPostgres
from stack.processes import end_all
from stack.single import AlreadyRunningError, only_one


def main() -> None:
    home = Home.from_environment()
    if not home.folder.exists():
        print(f"Nothing to delete: there is no {home.folder}")
        return
    if not home.lock_file.exists():
        sys.exit(f"{home.folder} is no state folder of Storekeeper: nothing was deleted. Check STOREKEEPER_HOME.")
    try:
        with only_one(home, "make reset"):
            end_all(home.folder, grace_seconds=8)
            # With a long path the socket lies elsewhere.
            shutil.rmtree(EmbeddedPostgres(home.folder).socket, ignore_errors=True)
            shutil.rmtree(home.folder)
    except AlreadyRunningError as error:
        sys.exit(str(error))
    print(f"Deleted {home.folder}")


if __name__ == "__main__":
    main()
