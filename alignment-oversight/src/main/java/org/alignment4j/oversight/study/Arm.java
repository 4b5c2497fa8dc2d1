package org.alignment4j.oversight.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.apiguardian.api.API;

/**
 * One way to have questions judged. Where who argues for the truth or stands first must be
 * balanced, it has several variants, and a question's score is their mean.
 *
 * @param name what to call it
 * @param variants at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Arm(String name, List<Variant> variants) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the name is blank, there is no variant, or two have one
   *     name
   */
  public Arm {
    variants = List.copyOf(variants);
    if (name.isBlank() || variants.isEmpty()) {
      throw new IllegalArgumentException(
          "an arm must have a name and a variant but was '" + name + "' with " + variants.size());
    }
    if (new HashSet<>(variants.stream().map(Variant::name).toList()).size() < variants.size()) {
      throw new IllegalArgumentException(
          "variants of arm '" + name + "' must have names of their own");
    }
  }

  /**
   * A protocol with a name.
   *
   * @param name what to call it
   * @param swapped whether it is run on the question with its options in the reverse order
   * @param defended the index of the option that alone is argued for, in the question's own order;
   *     −1 when there is none
   * @param protocol what is run
   */
  public record Variant(
      String name,
      boolean swapped,
      int defended,
      OversightProtocol<ChoiceQuestion, Ruling> protocol) {
    /** Checks that nothing is missing. */
    public Variant {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(protocol, "protocol");
    }
  }

  /** Returns an arm of one protocol. */
  public static Arm of(String name, OversightProtocol<ChoiceQuestion, Ruling> protocol) {
    return new Arm(name, List.of(new Variant("given", false, -1, protocol)));
  }

  /** Returns an arm that runs a protocol on every question and again with the options swapped. */
  public static Arm bothOrders(String name, OversightProtocol<ChoiceQuestion, Ruling> protocol) {
    return new Arm(
        name,
        List.of(
            new Variant("given", false, -1, protocol), new Variant("swapped", true, -1, protocol)));
  }

  /**
   * Returns an arm in which one side argues for each option in turn.
   *
   * @param protocols one for each option, in order
   */
  public static Arm eachSide(
      String name, List<? extends OversightProtocol<ChoiceQuestion, Ruling>> protocols) {
    List<Variant> variants = new ArrayList<>();
    for (int i = 0; i < protocols.size(); i++) {
      variants.add(new Variant("for option " + (i + 1), false, i, protocols.get(i)));
    }
    return new Arm(name, variants);
  }
}
