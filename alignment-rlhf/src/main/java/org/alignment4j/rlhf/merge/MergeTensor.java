package org.alignment4j.rlhf.merge;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of several models, flat and row major. The arrays are not copied: nobody may change
 * them.
 *
 * @param name the tensor's name
 * @param base its values in the base model, or null where there is none
 * @param members by member: what names it in random numbers, its weight and its values
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MergeTensor(String name, float @Nullable [] base, List<Member> members) {

  /**
   * A member's tensor.
   *
   * @param id names the member in random numbers, such as its model's {@code id()}
   * @param weight its weight
   * @param values its values
   */
  public record Member(String id, double weight, float[] values) {
    /** Checks that nothing is missing. */
    public Member {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(values, "values");
    }
  }

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException when there is no member, or two differ in size
   */
  public MergeTensor(String name, float @Nullable [] base, List<Member> members) {
    this.name = Objects.requireNonNull(name, "name");
    this.base = base;
    this.members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members must be at least one but there is none");
    }
    int size = members.get(0).values().length;
    for (Member member : members) {
      requireSize(name, size, member.values().length);
    }
    if (base != null) {
      requireSize(name, size, base.length);
    }
  }

  private static void requireSize(String name, int size, int found) {
    if (found != size) {
      throw new IllegalArgumentException(
          "'%s' must have as many values everywhere but has %s and %s"
              .formatted(name, size, found));
    }
  }

  /**
   * Returns the number of values.
   *
   * @return the same for all
   */
  public int size() {
    return members.get(0).values().length;
  }

  /**
   * Returns the weights.
   *
   * @return one for each member
   */
  public double[] weights() {
    return members.stream().mapToDouble(Member::weight).toArray();
  }

  /** The base's values, of a method that cannot do without. */
  float[] requiredBase() {
    if (base == null) {
      throw new IllegalArgumentException(
          "a method on task vectors needs the base model's '"
              + name
              + "' but there is none; give the model that training began from");
    }
    return base;
  }
}
