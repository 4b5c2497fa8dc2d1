package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.FactPrompt;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;

/** Requests in random tokens. */
final class TinyRequests {

  private TinyRequests() {}

  /** A subject of two tokens, a target of two, after nothing and after some contexts. */
  static EditRequest request(int seed, int contexts) {
    TokenIds prompt = TinyFamilies.tokens(6, seed);
    TokenIds target = TinyFamilies.tokens(2, seed + 100);
    List<FactPrompt> rewrites = new ArrayList<>();
    rewrites.add(new FactPrompt(new SubjectPrompt(prompt, 2, 3), target));
    for (int i = 0; i < contexts; i++) {
      TokenIds context = TinyFamilies.tokens(2 + i, seed + 200 + i);
      int shift = context.size();
      rewrites.add(
          new FactPrompt(new SubjectPrompt(context.concat(prompt), 2 + shift, 3 + shift), target));
    }
    return new EditRequest(
        "fact " + seed,
        rewrites,
        new SubjectPrompt(prompt.slice(2, 4).concat(TinyFamilies.tokens(2, 9)), 0, 1));
  }

  static KeyMetric metric(DecoderModel model, int layer) {
    List<TokenIds> corpus = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      corpus.add(TinyFamilies.tokens(12, 1000 + i));
    }
    return KeyMetric.of(
        KeyMomentsCollector.collect(model, layer, corpus.iterator(), 16, CancellationToken.none()),
        1e-6);
  }
}
