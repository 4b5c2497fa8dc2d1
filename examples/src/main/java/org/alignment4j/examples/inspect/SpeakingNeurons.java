package org.alignment4j.examples.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.runtime.DecoderModel;

/**
 * The neurons that a behaviour rests on: activation times gradient of the metric, at the prompt's
 * last token.
 *
 * @param model the model
 * @param pair the behaviour
 */
record SpeakingNeurons(DecoderModel model, ContrastPair pair) {

  private record Scored(int layer, int neuron, double score) {}

  /** Returns the strongest neurons, as numbers by layer. */
  Map<Integer, List<Integer>> strongest(int count) {
    ActivationCache cache =
        model
            .forward(List.of(pair.clean()))
            .cache(HookPoints.mlpPost(Layers.all()))
            .execute()
            .cache();
    GradientResult slopes =
        model
            .forward(List.of(pair.clean()))
            .gradients(pair.metric(), HookPoints.mlpPost(Layers.all()));
    List<Scored> all = new ArrayList<>();
    int last = pair.length() - 1;
    for (int layer = 0; layer < model.layerCount(); layer++) {
      var point = HookPoints.mlpPost(layer);
      int width = cache.values(point).shape()[2];
      for (int neuron = 0; neuron < width; neuron++) {
        double score =
            cache.values(point).get(0, last, neuron)
                * slopes.gradients().values(point).get(0, last, neuron);
        all.add(new Scored(layer, neuron, Math.abs(score)));
      }
    }
    Map<Integer, List<Integer>> found = new TreeMap<>();
    all.stream()
        .sorted(Comparator.comparingDouble((Scored s) -> -s.score()))
        .limit(count)
        .forEach(s -> found.computeIfAbsent(s.layer(), l -> new ArrayList<>()).add(s.neuron()));
    return found;
  }
}
