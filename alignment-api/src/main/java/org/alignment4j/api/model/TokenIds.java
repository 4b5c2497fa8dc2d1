package org.alignment4j.api.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** An immutable sequence of token ids, compared by content. */
@API(status = API.Status.STABLE, since = "0.1")
public final class TokenIds {
  private static final TokenIds EMPTY = new TokenIds(new int[0]);

  private final int[] ids;

  private TokenIds(int[] ids) {
    this.ids = ids;
  }

  /**
   * Returns a sequence of the given ids.
   *
   * @param ids the ids, copied
   * @return the sequence
   * @throws IllegalArgumentException when an id is negative
   */
  public static TokenIds of(int... ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new IllegalArgumentException(
            "token ids must not be negative but the one at index " + i + " was " + ids[i]);
      }
    }
    return ids.length == 0 ? EMPTY : new TokenIds(ids.clone());
  }

  /**
   * Returns the sequence without tokens.
   *
   * @return the empty sequence
   */
  public static TokenIds empty() {
    return EMPTY;
  }

  /**
   * Returns the number of tokens.
   *
   * @return the length
   */
  public int size() {
    return ids.length;
  }

  /**
   * Returns whether there is no token.
   *
   * @return true when the length is 0
   */
  public boolean isEmpty() {
    return ids.length == 0;
  }

  /**
   * Returns one id.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the id there
   * @throws IndexOutOfBoundsException when the index is outside
   */
  public int get(int index) {
    return ids[index];
  }

  /**
   * Returns a part of this sequence.
   *
   * @param from first index, inclusive
   * @param to last index, exclusive
   * @return the part
   * @throws IndexOutOfBoundsException when the range is outside
   */
  public TokenIds slice(int from, int to) {
    Objects.checkFromToIndex(from, to, ids.length);
    return from == to ? EMPTY : new TokenIds(Arrays.copyOfRange(ids, from, to));
  }

  /**
   * Returns this sequence followed by another.
   *
   * @param other what follows
   * @return the joined sequence
   */
  public TokenIds concat(TokenIds other) {
    int[] joined = Arrays.copyOf(ids, ids.length + other.ids.length);
    System.arraycopy(other.ids, 0, joined, ids.length, other.ids.length);
    return new TokenIds(joined);
  }

  /**
   * Returns whether this sequence begins with another.
   *
   * @param prefix what it may begin with
   * @return true when the first {@code prefix.size()} ids are equal
   */
  public boolean startsWith(TokenIds prefix) {
    return prefix.ids.length <= ids.length
        && Arrays.equals(ids, 0, prefix.ids.length, prefix.ids, 0, prefix.ids.length);
  }

  /**
   * Returns a copy as an array.
   *
   * @return a new array
   */
  public int[] toArray() {
    return ids.clone();
  }

  /**
   * Returns the ids as a stream.
   *
   * @return a stream in order
   */
  public IntStream stream() {
    return Arrays.stream(ids);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
