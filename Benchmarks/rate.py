"""Runs a command and says how many rows a second of processor time it did, and what memory it took.

usage: rate.py ROWS COMMAND...
"""
import resource, subprocess, sys

rows, command = int(sys.argv[1]), sys.argv[2:]
done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
print(done.stdout.split("\n")[0])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = used.ru_utime + used.ru_stime
print(f"{rows / seconds:.0f} rows a second of processor time, {used.ru_maxrss / 1024:.0f} MB at most")
sys.exit(done.returncode)
