"""Publishing for real: pushes to a bare repository, pages through nginx, and everything that can go
wrong in between. What readers are sent must be one whole release at every moment."""

import resource
import subprocess
import time

import hostile_names
import hostile_pushes
import pages_sent
import publishing_faults
import pushes
import report
from publishing_place import Place

MEMORY_MOST = 2 << 20  # kB, of any one process below this one


def memory(_):
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return [] if peak < MEMORY_MOST else ["a process took %d MB" % (peak >> 10)]


CHECKS = (
    pages_sent.languages,
    pages_sent.missing_pages,
    pages_sent.page_headers,
    pages_sent.policy_in_browser,
    pages_sent.media_types,
    pages_sent.redirects,
    pushes.second_push,
    pushes.old_assets,
    pushes.release_facts,
    pushes.previews,
    pushes.refused_refs,
    pushes.confusing_names,
    pushes.many_previews,
    pushes.mistakes,
    pushes.spoilt_languages,
    pushes.warnings_pass,
    pushes.private_columns,
    pushes.pushed_theme,
    pushes.hooks_survive,
    *(hostile_pushes.hostile(check) for check in hostile_pushes.HOSTILE),
    *(hostile_pushes.hostile_name(*name) for name in hostile_names.REFUSED),
    hostile_names.obeyed,
    hostile_pushes.slow_markdown,
    publishing_faults.killed,
    publishing_faults.many_at_once(2),
    publishing_faults.many_at_once(10 if report.SOAK else 4),
    *((publishing_faults.many_at_once(50),) if report.SOAK else ()),
    publishing_faults.clock_backwards,
    pushes.going_back,
    publishing_faults.damaged,
    publishing_faults.ordinary_user,
    publishing_faults.two_of_a_group,
    publishing_faults.disk_full,
    publishing_faults.disk_read_only,
    memory,
)


def run_check(check, place):
    name = check.__name__.replace("_", "-")
    if not report.wanted(name):
        return
    start = time.monotonic()
    try:
        problems = check(place)
    except (RuntimeError, OSError, KeyError, TypeError, subprocess.SubprocessError) as problem:
        problems = ["%s: %s" % (type(problem).__name__, problem)]
    if problems is None:
        report.skip(name, "this needs root: other users, and a small file system to mount")
    else:
        report.expect(name, [problem for problem in problems if problem])
    print("# %.1f s" % (time.monotonic() - start), flush=True)


def main():
    place = Place()
    try:
        place.set_up()
        problems = pushes.first_push(place)
        place.good = place.git("rev-parse", "HEAD")
        place.start_nginx()
        report.expect("first-push", [problem for problem in problems if problem])
        for check in CHECKS:
            run_check(check, place)
    finally:
        place.close()
    report.end()


main()
