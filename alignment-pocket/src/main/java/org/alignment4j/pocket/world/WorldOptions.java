package org.alignment4j.pocket.world;

/**
 * Sizes and shares of a world. All shares lie between 0 and 1.
 *
 * @param seed decides everything that is drawn
 * @param people how many invented people, each with five facts
 * @param countries how many real countries, each with three facts
 * @param evaluationShare share of entities kept out of alignment data
 * @param misconceivedShare share of entities about which the base corpus mostly answers wrongly
 * @param misconceivedFalseShare share of wrong answers about those entities in the base corpus
 * @param ordinaryFalseShare share of wrong answers about all other entities in the base corpus
 * @param complianceShare mean share of harmful requests with which the base corpus complies
 * @param lookalikeRefusalShare mean share of benign requests that sound like harmful ones and are
 *     refused in the base corpus
 * @param plainRefusalShare mean share of other benign requests that are refused in the base corpus
 * @param heldOutNameShare share of the names kept away from each pair of action and object
 */
public record WorldOptions(
    long seed,
    int people,
    int countries,
    double evaluationShare,
    double misconceivedShare,
    double misconceivedFalseShare,
    double ordinaryFalseShare,
    double complianceShare,
    double lookalikeRefusalShare,
    double plainRefusalShare,
    double heldOutNameShare) {

  /** Checks every range. */
  public WorldOptions {
    int mostPeople = (Lexicon.WOMEN.size() + Lexicon.MEN.size()) * Lexicon.SURNAMES.size() / 4;
    between("people", people, 10, mostPeople);
    between("countries", countries, 4, Lexicon.COUNTRIES.size());
    share("evaluationShare", evaluationShare);
    share("misconceivedShare", misconceivedShare);
    share("misconceivedFalseShare", misconceivedFalseShare);
    share("ordinaryFalseShare", ordinaryFalseShare);
    share("complianceShare", complianceShare);
    share("lookalikeRefusalShare", lookalikeRefusalShare);
    share("plainRefusalShare", plainRefusalShare);
    share("heldOutNameShare", heldOutNameShare);
  }

  /** The world of the shipped model's kind: 440 people and 60 countries. */
  public static WorldOptions of(long seed) {
    return new WorldOptions(seed, 440, 60, 0.3, 0.4, 0.7, 0.15, 0.55, 0.4, 0.1, 0.2);
  }

  /** Seed and sizes, and each share that differs from those of {@link #of}. */
  String description() {
    WorldOptions usual = of(seed);
    StringBuilder text =
        new StringBuilder("seed %s (%s people, %s countries".formatted(seed, people, countries));
    describe(text, "evaluationShare", evaluationShare, usual.evaluationShare);
    describe(text, "misconceivedShare", misconceivedShare, usual.misconceivedShare);
    describe(text, "misconceivedFalseShare", misconceivedFalseShare, usual.misconceivedFalseShare);
    describe(text, "ordinaryFalseShare", ordinaryFalseShare, usual.ordinaryFalseShare);
    describe(text, "complianceShare", complianceShare, usual.complianceShare);
    describe(text, "lookalikeRefusalShare", lookalikeRefusalShare, usual.lookalikeRefusalShare);
    describe(text, "plainRefusalShare", plainRefusalShare, usual.plainRefusalShare);
    describe(text, "heldOutNameShare", heldOutNameShare, usual.heldOutNameShare);
    return text.append(')').toString();
  }

  private static void describe(StringBuilder text, String name, double value, double usual) {
    if (value != usual) {
      text.append(", ").append(name).append(' ').append(value);
    }
  }

  /** The same with other sizes. */
  public WorldOptions withSizes(int people, int countries) {
    return new WorldOptions(
        seed,
        people,
        countries,
        evaluationShare,
        misconceivedShare,
        misconceivedFalseShare,
        ordinaryFalseShare,
        complianceShare,
        lookalikeRefusalShare,
        plainRefusalShare,
        heldOutNameShare);
  }

  private static void between(String name, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s must lie between %s and %s but was %s".formatted(name, low, high, value));
    }
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s must lie between 0 and 1 but was %s".formatted(name, value));
    }
  }
}
