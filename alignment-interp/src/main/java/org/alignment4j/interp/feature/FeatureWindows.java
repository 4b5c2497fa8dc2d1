package org.alignment4j.interp.feature;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.FeatureDashboard.Example;
import org.alignment4j.interp.feature.FeatureDashboard.Group;
import org.alignment4j.interp.feature.FeatureFirings.Firing;

/** Activations of some features in the texts that are shown. Grows; one thread at a time. */
final class FeatureWindows {
  private final List<TokenIds> texts;
  private final List<Integer> selected;
  private final DashboardOptions options;
  private final Map<Integer, float[][]> activations = new HashMap<>();

  FeatureWindows(List<TokenIds> texts, List<Integer> selected, DashboardOptions options) {
    this.texts = texts;
    this.selected = selected;
    this.options = options;
  }

  void add(int text, float[] features, boolean[] counts) {
    int width = features.length / counts.length;
    float[][] own = new float[selected.size()][counts.length];
    for (int s = 0; s < own.length; s++) {
      for (int position = 0; position < counts.length; position++) {
        own[s][position] = counts[position] ? features[position * width + selected.get(s)] : 0;
      }
    }
    activations.put(text, own);
  }

  List<Example> examples(List<Firing> firings, int index) {
    return firings.stream().map(firing -> example(firing, index)).toList();
  }

  List<Group> groups(List<FeaturePicks.PickedGroup> groups, int index) {
    return groups.stream()
        .map(
            group ->
                new Group(group.low(), group.high(), group.size(), examples(group.drawn(), index)))
        .toList();
  }

  private Example example(Firing firing, int index) {
    TokenIds text = texts.get(firing.text());
    float[][] own = activations.get(firing.text());
    if (own == null) {
      throw new IllegalStateException("text " + firing.text() + " was not looked at");
    }
    int first = Math.max(0, firing.position() - options.before());
    int end = Math.min(text.size(), firing.position() + options.after() + 1);
    ImmutableDoubleArray.Builder window = ImmutableDoubleArray.builder(end - first);
    for (int position = first; position < end; position++) {
      window.add(own[index][position]);
    }
    return new Example(
        firing.text(),
        firing.position(),
        text.slice(first, end),
        firing.position() - first,
        window.build());
  }
}
