package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/**
 * Samples from a model's own distribution, temperature 1. The same seed gives different models the
 * same random numbers.
 *
 * @param draws replies to each prompt
 * @param tokens most tokens of a reply
 * @param seed where random numbers start
 */
record ReplySampler(int draws, int tokens, long seed) {

  /** The replies to each prompt. */
  List<List<Reply>> replies(LanguageModel model, List<String> prompts) {
    List<Prompt> asked = new ArrayList<>();
    for (String prompt : prompts) {
      for (int draw = 0; draw < draws; draw++) {
        asked.add(Prompt.text(prompt));
      }
    }
    List<Completion> completions = model.generate(asked, SamplingOptions.sampling(tokens, seed));
    List<List<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<Reply> own = new ArrayList<>();
      for (Completion c : completions.subList(i * draws, (i + 1) * draws)) {
        own.add(new Reply(prompts.get(i), c.text(), c.tokens()));
      }
      replies.add(List.copyOf(own));
    }
    return List.copyOf(replies);
  }
}
