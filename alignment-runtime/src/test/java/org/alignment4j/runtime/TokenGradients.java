package org.alignment4j.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/** What the tests of gradients of tokens share: models, requests, and losses of their own. */
final class TokenGradients {

  /** Slots from 2 to 6 of ten tokens, and three tokens wanted. */
  static final GradientRequest REQUEST =
      new GradientRequest(
          TokenIds.of(5, 17, 30, 31, 32, 33, 8, 12, 22, 6), 2, 6, TokenIds.of(7, 21, 9));

  private TokenGradients() {}

  /**
   * A model that computes as a family does and whose head is a table of its own, so that a row of
   * its embedding table can be moved alone.
   */
  static DecoderModel untied(DecoderModel model, Map<String, Object> keys) {
    if (!model.architecture().config().tiedEmbeddings()) {
      return model.withWeights(model.weights());
    }
    Map<String, Object> changed = new LinkedHashMap<>(keys);
    changed.put("tie_word_embeddings", false);
    ConfigJson config = RandomModels.config(changed);
    Weights random = RotaryFamilies.weights(config, 0.25);
    WeightTensor table = model.weights().get(model.architecture().names().tokenEmbedding());
    String head =
        random.names().stream()
            .filter(name -> !model.weights().contains(name))
            .findFirst()
            .orElseThrow();
    return DecoderModel.of(config, model.weights().with(table.renamed(head)), null, TestModels.CPU);
  }

  /** The loss of a request by a plain forward run over all its tokens, in double. */
  static double loss(DecoderModel model, GradientRequest request) {
    TokenIds target = request.target();
    TokenIds read = request.prompt().concat(target.slice(0, target.size() - 1));
    ForwardResult result = model.forward(read).execute();
    double sum = 0;
    for (int t = 0; t < target.size(); t++) {
      float[] logits = result.logits(0, request.prompt().size() - 1 + t);
      double normaliser = 0;
      for (float logit : logits) {
        normaliser += Math.exp(logit);
      }
      sum += Math.log(normaliser) - logits[target.get(t)];
    }
    return sum / target.size();
  }

  /** Random fillings of the request's slots. */
  static List<TokenIds> candidates(int count, int vocab) {
    Random random = new Random(8);
    return Stream.generate(() -> TokenIds.of(random.ints(4, 3, vocab).toArray()))
        .limit(count)
        .toList();
  }
}
