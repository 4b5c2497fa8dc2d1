package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.runtime.DecoderModel;

/** What a method gives: something that replies. */
interface Policy extends AutoCloseable {

  /**
   * Replies, sampled at temperature 1.
   *
   * @param prompts what is asked
   * @param seed where random numbers start
   * @return one for each prompt
   */
  List<Completion> replies(List<Prompt> prompts, long seed);

  /**
   * How much likelier each reply is than under another model.
   *
   * @param prompts what was asked
   * @param replies this policy's
   * @param start the other model
   * @return {@code log π(y) − log π_start(y)} of each, in nats; NaN where it is not known
   */
  double[] divergences(List<Prompt> prompts, List<Completion> replies, DecoderModel start);

  /** The network whose likelihoods objectives read. */
  DecoderModel model();

  @Override
  void close();
}
