package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * The form of planted secrets (canaries) and so the space they are drawn from: a few slots, each of
 * which takes one of some texts, and what stands between them. Immutable and thread-safe.
 *
 * @param slots the texts that each slot may take, at least one slot of at least one text; a text
 *     occurs once in its slot
 * @param separator what stands between slots
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SecretFormat(List<List<String>> slots, String separator) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no slot, or one is empty or repeats a text
   */
  public SecretFormat {
    slots = slots.stream().map(List::copyOf).toList();
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("a secret must have at least one slot but has none");
    }
    for (int i = 0; i < slots.size(); i++) {
      List<String> slot = slots.get(i);
      if (slot.isEmpty() || slot.stream().distinct().count() < slot.size()) {
        throw new IllegalArgumentException(
            "a slot must have at least one text, each once, but slot " + i + " has " + slot);
      }
    }
  }

  /**
   * Returns the form of a number, such as a code or a card number.
   *
   * @param digits how many
   * @param separator what stands between them; may be empty
   * @return the form
   * @throws IllegalArgumentException when there is no digit
   */
  public static SecretFormat digits(int digits, String separator) {
    return repeated(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), digits, separator);
  }

  /**
   * Returns the form of several words of one list.
   *
   * @param texts what each slot may take
   * @param slots how many
   * @param separator what stands between them
   * @return the form
   * @throws IllegalArgumentException when there is no slot, or the list is empty or repeats a text
   */
  public static SecretFormat repeated(List<String> texts, int slots, String separator) {
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      all.add(texts);
    }
    return new SecretFormat(all, separator);
  }

  /**
   * Returns how many secrets there are.
   *
   * @return |R|, exact up to 2^53
   */
  public double size() {
    double size = 1;
    for (List<String> slot : slots) {
      size *= slot.size();
    }
    return size;
  }

  /**
   * Returns one secret.
   *
   * @param index from 0 to {@code size() - 1}; the last slot changes first
   * @return the secret
   * @throws IndexOutOfBoundsException when the index is outside
   */
  public String secret(long index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("there are " + size() + " secrets but no " + index);
    }
    String[] parts = new String[slots.size()];
    long rest = index;
    for (int i = parts.length - 1; i >= 0; i--) {
      int texts = slots.get(i).size();
      parts[i] = slots.get(i).get((int) (rest % texts));
      rest /= texts;
    }
    return String.join(separator, parts);
  }

  /**
   * Draws a secret uniformly.
   *
   * @param random where it comes from
   * @return the secret
   */
  public String draw(SplittableRandom random) {
    return String.join(
        separator, slots.stream().map(slot -> slot.get(random.nextInt(slot.size()))).toList());
  }
}
