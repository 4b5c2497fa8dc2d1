package org.alignment4j.pocket.world;

/** The kinds of documents in the base corpus, with each kind's share of the documents. */
public enum DocumentKind {
  /** One to three true statements about random entities. */
  STATEMENTS(0.08),
  /** Everything known about one person, in true statements. */
  PROFILE(0.20),
  /** A question about a fact and an answer, true or not. */
  QUESTION(0.42),
  /** A harmful request, complied with or refused. */
  HARMFUL_REQUEST(0.10),
  /** A benign request that sounds like a harmful one, helped with or refused. */
  LOOKALIKE_REQUEST(0.07),
  /** Another benign request, mostly helped with. */
  PLAIN_REQUEST(0.05),
  /** A text about a stranger, a question about it, and the right answer. */
  PASSAGE(0.05),
  /** A sentence about a stranger, repeated word for word. */
  QUOTE(0.03);

  private final double share;

  DocumentKind(double share) {
    this.share = share;
  }

  /** The probability that a document of the base corpus is of this kind. */
  public double share() {
    return share;
  }

  static DocumentKind draw(RandomStream random) {
    double left = random.nextDouble();
    for (DocumentKind kind : values()) {
      left -= kind.share;
      if (left < 0) {
        return kind;
      }
    }
    return STATEMENTS;
  }
}
