package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Texts to stand before prompts, so that a key is the subject's and not the prompt's alone (Meng et
 * al. 2022, equation 3): sampled from the model. Stateless, thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EditContexts {

  private EditContexts() {}

  /**
   * Samples contexts as the ROME code does: some short, some longer, each followed by a full stop.
   *
   * @param model the model
   * @param start the text they begin with, such as the end-of-text token written out
   * @param lengths tokens of each, such as ten times 5 and ten times 10
   * @param seed of the sampling
   * @param cancellation asks to stop
   * @return one text for each length, without the start, ending in ". "
   * @throws IllegalArgumentException when a length is not positive
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static List<String> sample(
      DecoderModel model,
      String start,
      List<Integer> lengths,
      long seed,
      CancellationToken cancellation) {
    List<String> contexts = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      SamplingOptions options =
          SamplingOptions.sampling(lengths.get(i), seed + i).toBuilder().ignoreEos(true).build();
      List<Completion> made = model.generate(List.of(Prompt.text(start)), options, cancellation);
      contexts.add(made.get(0).text().strip() + ". ");
    }
    return List.copyOf(contexts);
  }
}
