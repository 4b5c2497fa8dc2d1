package org.alignment4j.core.journal;

import com.google.common.io.BaseEncoding;
import java.nio.ByteBuffer;
import org.alignment4j.api.provenance.ContentHash;

/**
 * From content key to a position in the file: open addressing over one array, 40 bytes a slot, so
 * that millions of entries need tens of megabytes and no objects. Entries are never removed. Not
 * thread-safe.
 */
final class KeyIndex {
  /** Returned for a key that is not there. */
  static final long ABSENT = -1;

  private static final int WORDS = 4;
  private static final int SLOT = WORDS + 1;

  // Positions are stored plus one, so that a zeroed slot is a free one.
  private long[] slots = new long[SLOT * 16];
  private int size;

  int size() {
    return size;
  }

  long get(ContentHash key) {
    return slots[find(words(key)) + WORDS] - 1;
  }

  void put(ContentHash key, long position) {
    long[] words = words(key);
    int slot = find(words);
    if (slots[slot + WORDS] == 0) {
      if (2L * (size + 1) > slots.length / SLOT) {
        grow();
        slot = find(words);
      }
      System.arraycopy(words, 0, slots, slot, WORDS);
      size++;
    }
    slots[slot + WORDS] = position + 1;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  private int find(long[] words) {
    int capacity = slots.length / SLOT;
    // The key is a digest already: any of its bits are as good as a hash.
    int slot = (int) (words[0] & (capacity - 1));
    while (slots[slot * SLOT + WORDS] != 0 && !holds(slot * SLOT, words)) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot * SLOT;
  }

  private boolean holds(int at, long[] words) {
    for (int i = 0; i < WORDS; i++) {
      if (slots[at + i] != words[i]) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[Math.multiplyExact(old.length, 2)];
    for (int at = 0; at < old.length; at += SLOT) {
      if (old[at + WORDS] != 0) {
        long[] words = {old[at], old[at + 1], old[at + 2], old[at + 3]};
        System.arraycopy(old, at, slots, find(words), SLOT);
      }
    }
  }

  private static long[] words(ContentHash key) {
    ByteBuffer digest = ByteBuffer.wrap(BaseEncoding.base16().lowerCase().decode(key.hex()));
    return new long[] {digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong()};
  }
}
