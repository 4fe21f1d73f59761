"""Counting rows that repeat a key, among any number of rows, in constant memory."""

from collections.abc import Hashable, Sequence
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import BinaryIO

DIGEST_SIZE = 16
BUCKETS = 64
# In memory: 2 MB in all, then buckets go to a temporary file each.
BUCKET_BYTES = 32 * 1024


class Duplicates:
    """Keeps 16 bytes a row, on disk beyond the first 130,000: exact unless two of 10^16 keys share their 128-bit hash.

    Equal keys are in the same bucket, and a bucket is counted by itself: of 100 million rows one is 25 MB.

    :param bucket_bytes: what of each bucket may be in memory.
    """

    def __init__(self, bucket_bytes: int = BUCKET_BYTES) -> None:
        self._bucket_bytes = bucket_bytes
        self._buckets = [bytearray() for _ in range(BUCKETS)]
        self._files: list[BinaryIO | None] = [None] * BUCKETS

    def add(self, key: Sequence[Hashable]) -> None:
        # repr tells 1 from "1", and where one value ends.
        digest = blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).digest()
        number = digest[0] % BUCKETS
        bucket = self._buckets[number]
        bucket += digest
        if len(bucket) >= self._bucket_bytes:
            self._file(number).write(bucket)
            bucket.clear()

    def count(self) -> int:
        """How many rows have a key that an earlier one has."""
        return sum(self._count_bucket(number) for number in range(BUCKETS))

    def close(self) -> None:
        for file in self._files:
            if file:
                file.close()

    def _file(self, number: int) -> BinaryIO:
        file = self._files[number]
        if file is None:
            # Not a with block: it lives as long as the rows come.
            file = self._files[number] = TemporaryFile()  # noqa: SIM115
        return file

    def _count_bucket(self, number: int) -> int:
        digests = bytes(self._buckets[number])
        if file := self._files[number]:
            file.seek(0)
            digests = file.read() + digests
        distinct = {digests[start : start + DIGEST_SIZE] for start in range(0, len(digests), DIGEST_SIZE)}
        return len(digests) // DIGEST_SIZE - len(distinct)
