package org.alignment4j.pocket.world;

/**
 * One true fact of the world.
 *
 * @param index the fact's place in {@link PocketWorld#facts()}; -1 for a fact that holds in one
 *     text only
 * @param subject the entity it is about
 * @param relation what it says about the subject
 * @param value the true value
 * @param misconception the one wrong value that wrong answers about this fact give
 * @param heldOutParaphrase the question paraphrase that never occurs with this fact in any training
 *     text
 */
public record Fact(
    int index,
    Entity subject,
    Relation relation,
    String value,
    String misconception,
    int heldOutParaphrase) {

  /** The question in the paraphrase that no training text has. */
  public String heldOutQuestion() {
    return relation.question(subject, heldOutParaphrase);
  }

  /** A question that training texts may have. */
  String trainingQuestion(RandomStream random) {
    int paraphrase = random.nextInt(relation.questionCount() - 1);
    return relation.question(subject, paraphrase < heldOutParaphrase ? paraphrase : paraphrase + 1);
  }
}
