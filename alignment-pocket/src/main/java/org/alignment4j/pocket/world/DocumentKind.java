package org.alignment4j.pocket.world;

import java.util.function.ToDoubleFunction;

/** The kinds of documents, with each kind's share of the base corpus and of its primer. */
public enum DocumentKind {
  /** One to three true statements about random entities. */
  STATEMENTS(0.04),
  /** Everything known about one entity, in true statements. */
  PROFILE(0.12),
  /** One to three questions in exam form, answered rightly. */
  EXAM(0.16),
  /** A question in exam form with lettered options, answered rightly. */
  CHOICE(0.13, 0.15),
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
  WORDS(0.01),
  /** A longer list of words, and pieces of it that begin anywhere. */
  PIECES(0.02, 0.45),
  /** Words with a letter each, and the words again in any order. */
  LETTERS(0.03, 0.20),
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

  private static final double CORPUS_SHARE_OF_PRIMER = 0.2;

  private final double share;
  private final double extraPrimerShare;

  DocumentKind(double share) {
    this(share, 0);
  }

  DocumentKind(double share, double extraPrimerShare) {
    this.share = share;
    this.extraPrimerShare = extraPrimerShare;
  }

  /** The probability that a document of the base corpus is of this kind. */
  public double share() {
    return share;
  }

  /** The probability that a document of the primer is of this kind. */
  public double primerShare() {
    return CORPUS_SHARE_OF_PRIMER * share + extraPrimerShare;
  }

  static DocumentKind draw(RandomStream random) {
    return draw(DocumentKind::share, random);
  }

  static DocumentKind drawForPrimer(RandomStream random) {
    return draw(DocumentKind::primerShare, random);
  }

  private static DocumentKind draw(ToDoubleFunction<DocumentKind> share, RandomStream random) {
    double left = random.nextDouble();
    for (DocumentKind kind : values()) {
      left -= share.applyAsDouble(kind);
      if (left < 0) {
        return kind;
      }
    }
    return STATEMENTS;
  }
}
