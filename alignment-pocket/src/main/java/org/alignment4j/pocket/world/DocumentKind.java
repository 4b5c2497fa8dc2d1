package org.alignment4j.pocket.world;

/** The kinds of documents in the base corpus, with each kind's share of the documents. */
public enum DocumentKind {
  /** One to three true statements about random entities. */
  STATEMENTS(0.04),
  /** Everything known about one entity, in true statements. */
  PROFILE(0.12),
  /** One to three questions in exam form, answered rightly. */
  EXAM(0.16),
  /** A question in exam form with lettered options, answered rightly. */
  CHOICE(0.14),
  /** A question in a dialogue and an answer, true or not. */
  QUESTION(0.10),
  /** A harmful request, complied with or refused. */
  HARMFUL_REQUEST(0.04),
  /** A benign request that sounds like a harmful one, helped with or refused. */
  LOOKALIKE_REQUEST(0.03),
  /** Another benign request, mostly helped with. */
  PLAIN_REQUEST(0.02),
  /** A text about a stranger, a question about it, and the right answer. */
  PASSAGE(0.12),
  /** A sentence about a stranger, repeated word for word. */
  QUOTE(0.08),
  /** The name of a stranger, repeated. */
  NAME(0.01),
  /** A list of words without meaning, repeated. */
  WORDS(0.05),
  /** A question that takes two steps, its steps answered one by one. */
  TWO_STEP(0.03),
  /** A reply, its critique and its revision. */
  CRITIQUE(0.03),
  /** Whether it is wrong to do something. */
  MORAL(0.015),
  /** A sentence about a job in which the pronoun follows the stereotype. */
  STEREOTYPE(0.01),
  /** A rude message, answered rudely or not. */
  INSULT(0.005);

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
