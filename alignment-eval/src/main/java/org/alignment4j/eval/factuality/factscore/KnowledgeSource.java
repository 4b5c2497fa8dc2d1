package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import org.apiguardian.api.API;

/** Where facts are looked up. Implementations are safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface KnowledgeSource {

  /**
   * Returns what tells this source from others, by which results are filed: two that could answer
   * differently never share it.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Finds passages.
   *
   * @param topic what the answer was about
   * @param fact a fact that it states
   * @param k how many passages at most
   * @return passages, best first; none when the source has nothing about the topic, which leaves
   *     the fact without a verdict
   * @throws org.alignment4j.api.AlignmentException when the source cannot be read
   */
  List<Passage> passages(String topic, String fact, int k);
}
