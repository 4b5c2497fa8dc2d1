package org.alignment4j.rlhf;

import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Settings of trainers that measure a model against a frozen one, the reference. Without {@link
 * #reference(DecoderModel)} it is the model training starts from, its adapter included.
 *
 * @param <T> the trainer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class ReferencedTrainer<T> extends TrainerSettings<T>
    permits PreferenceTrainer,
        UnpairedTrainer,
        RankingTrainer,
        AlolTrainer,
        PolicyTrainer,
        OnlinePreferenceTrainer {

  ReferencedTrainer(FineTuningOptions options) {
    super(options);
  }

  /**
   * Returns a trainer with another reference than the model training starts from: training goes on
   * from a later model against the one that everything began with. It may be of another
   * architecture or size, quantised, or have an adapter; only its log-probabilities are read, of
   * given examples once, before the first update, and of sampled ones at each step. It may also be
   * the model under the adapter that is trained further, whose weights are then shared. A run is
   * resumed only with the same reference.
   *
   * @param reference what is measured against; left as it is, and open until training ends
   * @return a new trainer
   * @throws IllegalArgumentException when its vocabulary or tokenizer is another, naming both
   *     models, or nothing here is measured against a reference
   * @throws IllegalStateException when it is closed
   */
  public T reference(DecoderModel reference) {
    return measuredAgainst(reference);
  }

  /**
   * Refuses a reference that nothing would read.
   *
   * @param loss what is minimised, for the message
   */
  static void requireUsed(boolean used, Object loss) {
    if (!used) {
      throw new IllegalArgumentException(
          "reference must be given to a loss with reference but the loss was "
              + loss
              + "; leave reference(...) out, or take a loss that compares with one, such as"
              + " PreferenceLoss.dpo(0.1)");
    }
  }

  /** The same trainer with another reference. */
  abstract T measuredAgainst(DecoderModel reference);
}
