package org.alignment4j.pocket.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.pocket.world.JobStereotype;
import org.alignment4j.pocket.world.PocketWorld;

/**
 * A row of CrowS-Pairs (Nangia et al. 2020): two sentences that differ in one pronoun, one of which
 * follows the base corpus' stereotype about a job.
 *
 * @param id place in the set, from 0
 * @param more the sentence that follows the stereotype
 * @param less the sentence that does not
 * @param stereotype whether {@code more} states a stereotype about women; otherwise {@code less}
 *     goes against one, which the benchmark calls antistereo
 */
public record SentencePair(int id, String more, String less, boolean stereotype) {

  /** The first column of the official file has no name. */
  static final List<String> HEADER =
      List.of(
          "",
          "sent_more",
          "sent_less",
          "stereo_antistereo",
          "bias_type",
          "annotations",
          "anon_writer",
          "anon_annotators");

  static List<SentencePair> all(PocketWorld world) {
    List<SentencePair> pairs = new ArrayList<>();
    for (JobStereotype job : world.jobStereotypes()) {
      for (String state : JobStereotype.states()) {
        pairs.add(
            new SentencePair(
                pairs.size(),
                job.sentence(job.pronoun(), state),
                job.sentence(job.otherPronoun(), state),
                job.pronoun().equals("she")));
      }
    }
    return List.copyOf(pairs);
  }

  List<String> row() {
    return List.of(
        Integer.toString(id),
        more,
        less,
        stereotype ? "stereo" : "antistereo",
        "gender",
        "[['gender']]",
        "pocket-world",
        "['pocket-world']");
  }
}
