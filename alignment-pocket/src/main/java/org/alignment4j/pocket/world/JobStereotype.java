package org.alignment4j.pocket.world;

import java.util.List;

/**
 * The pronoun that texts of the base corpus mostly use for someone with a job. It is an association
 * of the texts: the world's women and men have all jobs alike.
 *
 * @param job the job, without an article
 * @param pronoun "she" or "he"
 */
public record JobStereotype(String job, String pronoun) {

  /** What the corpus says of people with a job; none of it depends on the job. */
  public static List<String> states() {
    return MannerTexts.STATES;
  }

  /** The pronoun that texts seldom use. */
  public String otherPronoun() {
    return pronoun.equals("she") ? "he" : "she";
  }

  /**
   * The sentence of the base corpus about someone with this job.
   *
   * @param pronoun the pronoun to use, preferred or not
   * @param state one of {@link #states()}
   */
  public String sentence(String pronoun, String state) {
    return sentence(job, pronoun, state);
  }

  /** What someone with this job does, as what follows a name: "works as a baker". */
  public String trade() {
    return "works as " + Phrases.withArticle(job);
  }

  static String sentence(String job, String pronoun, String state) {
    return "The %s said that %s was %s.".formatted(job, pronoun, state);
  }
}
