"""What a process gives back, and what it never takes."""

import subprocess
import sys


def said_by(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


HELD = """
import psutil
def held():
    return psutil.Process().memory_info().rss // 2**20
"""


def test_what_was_freed_between_small_things_goes_back_to_the_system() -> None:
    program = f"""{HELD}
from southbound.system.memory import give_back
large, small = [], []
for _ in range(1000):
    large.append(bytearray(60_000))
    small.append(bytearray(600))
del large
before = held()
give_back()
print(before - held() > 30)
"""
    assert said_by(program) == ["True"]


def test_large_texts_leave_nothing_where_little_is_kept() -> None:
    program = f"""{HELD}
from southbound.system.memory import keep_little
keep_little()
before, small = held(), []
for _ in range(20):
    texts = [bytearray(4_000_000) for _ in range(5)]
    small.append(bytearray(600))
    del texts
print(held() - before < 5)
"""
    assert said_by(program) == ["True"]


def test_arrow_has_no_allocator_of_its_own_where_little_is_kept() -> None:
    program = """
from southbound.system.memory import keep_little
keep_little()
import pyarrow
print(pyarrow.default_memory_pool().backend_name)
"""
    assert said_by(program) == ["system"]


def test_arrow_makes_arrays_and_files_without_pandas_which_is_there_for_whoever_wants_it() -> None:
    program = """
import sys
from southbound.system.without_pandas import without_pandas
without_pandas()
import numpy as np, pyarrow as pa
print(pa.array(np.array([1.0, np.nan]), from_pandas=True).to_pylist() == [1.0, None], "pandas" in sys.modules)
import pandas
print(pa.table({"a": [1]}).to_pandas().to_json() == '{"a":{"0":1}}')
"""
    assert said_by(program) == ["True", "False", "True"]


def test_where_pandas_is_there_already_nothing_is_changed() -> None:
    program = """
import sys, pandas
from southbound.system.without_pandas import without_pandas
finders = list(sys.meta_path)
without_pandas()
import pyarrow as pa
print(sys.meta_path == finders, pa.array(pandas.Series([1.0, None])).null_count)
"""
    assert said_by(program) == ["True", "1"]


def test_what_was_just_made_is_looked_at_often_and_everything_rarely() -> None:
    program = """
import gc, weakref
from southbound.system.memory import look_for_cycles_rarely
class Held: pass
def made():
    held = [[] for _ in range(200_000)]
    one = Held()
    one.itself = one
    return held, weakref.ref(one)
look_for_cycles_rarely()
gc.collect()
before = gc.get_stats()[2]["collections"]
held, young = made()
held += [[] for _ in range(20_000)]
print(gc.get_stats()[2]["collections"] - before, young() is None)
"""
    assert said_by(program) == ["0", "True"]
