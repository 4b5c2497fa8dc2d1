package org.alignment4j.oversight.decompose;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/** Figures about trees, each tree a cluster. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DecompositionFigures {
  /** Share of subquestions that are copies of each other or of a question above. */
  public static final Metric DUPLICATES =
      Metric.of("duplicate subquestions", "fraction", Direction.LOWER);

  /** Share of questions without an answer. */
  public static final Metric UNKNOWN = Metric.of("unknown answers", "fraction", Direction.LOWER);

  private DecompositionFigures() {}

  /** Returns {@link #DUPLICATES} and {@link #UNKNOWN}. */
  public static Map<Metric, Estimate> of(Collection<QuestionNode> trees) {
    List<Double> copies = new ArrayList<>();
    List<Integer> copyClusters = new ArrayList<>();
    List<Double> unknown = new ArrayList<>();
    List<Integer> unknownClusters = new ArrayList<>();
    int cluster = 0;
    for (QuestionNode tree : trees) {
      for (QuestionNode node : tree.nodes()) {
        unknown.add(node.answer().isEmpty() ? 1.0 : 0.0);
        unknownClusters.add(cluster);
        int proposed = node.parts().size() + node.dropped();
        int distinct = (int) node.parts().stream().map(part -> part.question()).distinct().count();
        for (int i = 0; i < proposed; i++) {
          copies.add(i < distinct ? 0.0 : 1.0);
          copyClusters.add(cluster);
        }
      }
      cluster++;
    }
    return ImmutableMap.of(
        DUPLICATES, share(copies, copyClusters), UNKNOWN, share(unknown, unknownClusters));
  }

  private static Estimate share(List<Double> outcomes, List<Integer> clusters) {
    return Estimates.clusteredProportion(
        outcomes.stream().mapToDouble(Double::doubleValue).toArray(),
        clusters.stream().mapToInt(Integer::intValue).toArray());
  }
}
