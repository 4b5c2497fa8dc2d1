package org.alignment4j.oversight.constitution;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.FeedbackGenerator;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.core.judge.RefusalPhrases;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.PromptFeedback;
import org.alignment4j.oversight.Respondent;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Answers that a model criticises and revises by principles of a constitution (SL-CAI, Bai et al.
 * 2022, section 3.1): a helpful model answers; a principle is drawn for each step, independently;
 * by it the answer is criticised and then revised; four times, each time the latest answer. Costs
 * one call, and two for each revision. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CritiqueRevision implements OversightProtocol<Prompt, RevisionChain> {
  private final ChainSettings settings;

  private CritiqueRevision(ChainSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts with four revisions, temperature 1, at most 512 tokens a section, three attempts each,
   * the bundled prompts, and XSTest's refusal phrases as the detector of evasion.
   *
   * @param model answers, criticises and revises
   * @param constitution has at least one principle for revisions
   * @throws IllegalArgumentException if it has none
   */
  public static Builder by(LanguageModel model, Constitution constitution) {
    return new Builder(model, constitution);
  }

  /** Settings. Not thread-safe. */
  public static final class Builder {
    private static final int REVISIONS = 4;
    private static final int MAX_NEW_TOKENS = 512;
    private static final int ATTEMPTS = 3;

    private final LanguageModel model;
    private final List<Principle> principles;
    private LanguageModel critic;
    private int revisions = REVISIONS;
    private int attempts = ATTEMPTS;
    private boolean criticised = true;
    private RevisionPrompts prompts = RevisionTemplates.bundled();
    private SamplingOptions options =
        SamplingOptions.builder(MAX_NEW_TOKENS).temperature(1).build();
    private @Nullable SamplingOptions criticOptions;
    private Predicate<String> refusal = RefusalPhrases.xsTest()::isRefusal;

    private Builder(LanguageModel model, Constitution constitution) {
      this.model = Objects.requireNonNull(model, "model");
      this.critic = model;
      this.principles = constitution.forRevision();
      if (principles.isEmpty()) {
        throw new IllegalArgumentException(
            "the constitution must have a principle with critique and revision but has none");
      }
    }

    /** Has another model criticise and revise. */
    @CanIgnoreReturnValue
    public Builder critic(LanguageModel value) {
      this.critic = Objects.requireNonNull(value, "critic");
      return this;
    }

    /**
     * Sets how many revisions there are.
     *
     * @throws IllegalArgumentException if there is none
     */
    @CanIgnoreReturnValue
    public Builder revisions(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("revisions must be at least 1 but were " + value);
      }
      this.revisions = value;
      return this;
    }

    /**
     * Sets how often a section is drawn at most.
     *
     * @throws IllegalArgumentException if it is less than once
     */
    @CanIgnoreReturnValue
    public Builder attempts(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("attempts must be at least 1 but were " + value);
      }
      this.attempts = value;
      return this;
    }

    /** Revises without critique: the ablation of section 3.5. */
    @CanIgnoreReturnValue
    public Builder direct() {
      this.criticised = false;
      return this;
    }

    /** Sets how critiques and revisions are asked for. */
    @CanIgnoreReturnValue
    public Builder prompts(RevisionPrompts value) {
      this.prompts = Objects.requireNonNull(value, "prompts");
      return this;
    }

    /** Sets how answers, critiques and revisions are sampled; the seed is replaced. */
    @CanIgnoreReturnValue
    public Builder options(SamplingOptions value) {
      this.options = Objects.requireNonNull(value, "options");
      return this;
    }

    /** Sets how critiques and revisions are sampled where answers are sampled otherwise. */
    @CanIgnoreReturnValue
    public Builder criticOptions(SamplingOptions value) {
      this.criticOptions = Objects.requireNonNull(value, "criticOptions");
      return this;
    }

    /** Sets what tells revisions that only refuse. */
    @CanIgnoreReturnValue
    public Builder refusal(Predicate<String> value) {
      this.refusal = Objects.requireNonNull(value, "refusal");
      return this;
    }

    /** Returns the protocol. */
    public CritiqueRevision build() {
      return new CritiqueRevision(
          new ChainSettings(
              new Respondent(model, options, attempts),
              new Respondent(critic, criticOptions == null ? options : criticOptions, attempts),
              principles,
              revisions,
              criticised,
              prompts,
              refusal));
    }
  }

  /** Returns all revisions as demonstrations for supervised fine-tuning. */
  public FeedbackGenerator<Demonstration> demonstrations() {
    return PromptFeedback.of(this, RevisionChain::demonstrations);
  }

  /** Returns preferences of the last revision over the answer. */
  public FeedbackGenerator<PreferencePair> preferences() {
    return PromptFeedback.of(this, chain -> chain.preference().map(List::of).orElse(List.of()));
  }

  /**
   * Answers, criticises and revises.
   *
   * @throws IllegalArgumentException if the prompt is of token ids
   */
  @Override
  public Outcome<RevisionChain> run(Prompt prompt, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "revision", PromptText.of(prompt), context, OptionalLong.of(settings.calls()));
    return new ChainRun(settings, prompt, proceedings, context.seed()).outcome();
  }
}
