package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Section;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * What a model would say if it ended before a layer, its stream first translated into that of the
 * last one (Belrose et al. 2023, arXiv 2303.08112): {@code logits_l = norm_final(h + A_l·h + b_l) ·
 * W_U + b_U}, with the soft cap where the model has one. The end of the stream has no translator
 * and gives the model's own output. Immutable and safe for concurrent use while the model is open.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TunedLens {

  private final TranslatedEnd end;
  private final LensTranslators translators;
  private final List<TranslatedEnd.Translator> direct;
  private final TranslatedEnd.Translator none;

  private TunedLens(TranslatedEnd end, LensTranslators translators) {
    this.end = end;
    this.translators = translators;
    List<TranslatedEnd.Translator> all = new ArrayList<>();
    for (int layer = 0; layer < translators.layers(); layer++) {
      all.add(translators.translator(layer));
    }
    this.direct = List.copyOf(all);
    this.none = LensTranslators.identity(translators.modelId(), 1, end.width()).translator(0);
  }

  /**
   * A tuned lens.
   *
   * @param model whose final norm and unembedding read the stream; stays the caller's to close
   * @param translators trained for this model
   * @return the lens
   * @throws IllegalArgumentException when they are of another model
   */
  public static TunedLens of(DecoderModel model, LensTranslators translators) {
    TranslatedEnd end = new TranslatedEnd(model);
    if (!translators.modelId().equals(model.id())
        || translators.layers() != model.layerCount()
        || translators.width() != end.width()) {
      throw new IllegalArgumentException(
          "translators must be of the model "
              + model.id()
              + " with "
              + model.layerCount()
              + " layers of width "
              + end.width()
              + " but are of "
              + translators.modelId()
              + " with "
              + translators.layers()
              + " layers of width "
              + translators.width()
              + "; train a lens for this model, or read its runs by the lens of the other");
    }
    return new TunedLens(end, translators);
  }

  /**
   * The logit lens at the points of a tuned lens: translators that change nothing.
   *
   * @param model whose final norm and unembedding read the stream; stays the caller's to close
   * @return the lens
   */
  public static TunedLens identity(DecoderModel model) {
    return of(
        model,
        LensTranslators.identity(
            model.id(), model.layerCount(), model.architecture().config().hiddenSize()));
  }

  /**
   * Returns the translators.
   *
   * @return what translates the stream before each layer
   */
  public LensTranslators translators() {
    return translators;
  }

  /** The model whose end reads the stream. */
  DecoderModel model() {
    return end.model();
  }

  /**
   * Returns the hook points that a run must keep for a full reading: the stream before each layer
   * and after the last one.
   *
   * @return the points
   */
  public List<HookPointSet<?>> points() {
    return List.of(
        HookPoints.residPre(Layers.all()), HookPoints.residPost(translators.layers() - 1));
  }

  /**
   * Reads a run of the lens's own model.
   *
   * @param sequences the tokens of each sequence
   * @param top how many tokens to keep of each place, at least 1
   * @return what each point of the stream would say
   * @throws IllegalArgumentException when the sequences do not fit the model or {@code top} is
   *     below 1
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LensReading read(List<TokenIds> sequences, int top) {
    return read(end.model(), sequences, top, CancellationToken.none());
  }

  /**
   * Reads a run of a model, such as the lens's own with interventions or fine-tuned.
   *
   * @param model the model that is run
   * @param sequences the tokens of each sequence
   * @param top how many tokens to keep of each place, at least 1
   * @param cancellation asks to stop, before the run and between points
   * @return what each point of the stream would say
   * @throws IllegalArgumentException when the sequences do not fit the model, {@code top} is below
   *     1, or the model's stream has another width or number of layers than the lens's
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LensReading read(
      HookedModel model, List<TokenIds> sequences, int top, CancellationToken cancellation) {
    if (model.layerCount() != translators.layers()) {
      throw new IllegalArgumentException(
          "the model that is run must have the lens's "
              + translators.layers()
              + " layers but has "
              + model.layerCount());
    }
    ActivationCache cache =
        model
            .forward(sequences)
            .cache(points().toArray(HookPointSet<?>[]::new))
            .execute(cancellation)
            .cache();
    return read(cache, top, cancellation);
  }

  /**
   * Reads the points of the residual stream that a run has kept; those between attention and MLP
   * have no translator and are left out.
   *
   * @param cache the run's activations, those after the last layer among them
   * @param top how many tokens to keep of each place, at least 1
   * @param cancellation asks to stop between points
   * @return what each point of the stream would say
   * @throws IllegalArgumentException when the cache lacks the end of the stream, {@code top} is
   *     below 1, or the stream has another width than the lens's
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LensReading read(ActivationCache cache, int top, CancellationToken cancellation) {
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1 but was " + top);
    }
    HookPoint<?> after = HookPoints.residPost(translators.layers() - 1);
    LensDistributions last = distributions(cache, after);
    List<LensReading.Layer> layers = new ArrayList<>();
    for (HookPoint<?> point : cache.points()) {
      Optional<Integer> state = state(point);
      boolean twice =
          point.kind() == HookKind.RESID_POST
              && point.layer() + 1 < translators.layers()
              && cache.contains(HookPoints.residPre(point.layer() + 1));
      if (state.isPresent() && !twice) {
        cancellation.throwIfCancelled("the tuned lens");
        LensDistributions own = point.equals(after) ? last : distributions(cache, point);
        layers.add(new LensReading.Layer(point, own.places(last, top)));
      }
    }
    return new LensReading(end.model().id(), cache.tokens(), layers);
  }

  /**
   * Returns the logits that a point of the stream gives at one place.
   *
   * @param cache a run's activations
   * @param point the stream before or after a layer, kept by the run
   * @param row the sequence, from 0
   * @param position the position, negative from the sequence's end
   * @return {@code [vocabulary]}
   * @throws IllegalArgumentException when the point has no translator or was not kept, or the place
   *     is outside
   */
  public float[] logits(ActivationCache cache, HookPoint<?> point, int row, int position) {
    TranslatedEnd.Translator by = translator(point);
    return end.logits(StreamRows.one(cache, point, end.width(), row, position), by);
  }

  private LensDistributions distributions(ActivationCache cache, HookPoint<?> point) {
    TranslatedEnd.Translator by = translator(point);
    return new LensDistributions(
        cache.tokens(), end.logits(StreamRows.all(cache, point, end.width()), by));
  }

  private TranslatedEnd.Translator translator(HookPoint<?> point) {
    int state =
        state(point)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a tuned lens reads hook_resid_pre and hook_resid_post of its "
                            + translators.layers()
                            + " layers but was given "
                            + point
                            + "; LogitLens reads every point of the stream"));
    return state == direct.size() ? none : direct.get(state);
  }

  /** How many layers the stream has passed at a point. */
  private Optional<Integer> state(HookPoint<?> point) {
    if (point.layer() >= translators.layers()) {
      return Optional.empty();
    }
    return switch (point.kind()) {
      case RESID_PRE -> Optional.of(point.layer());
      case RESID_POST -> Optional.of(point.layer() + 1);
      default -> Optional.empty();
    };
  }

  /**
   * The table of a sequence as a section of a report.
   *
   * @param reading what a tuned lens read
   * @param sequence which sequence, from 0
   * @param spelling the text of a token
   * @return the section
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public static Section section(LensReading reading, int sequence, IntFunction<String> spelling) {
    return new Section.Tabular(
        "Tuned lens",
        reading.table(sequence, spelling),
        "Each cell is the likeliest next token, and its probability, if the model ended at that"
            + " point of the residual stream: the layer's translator, then the final norm and the"
            + " unembedding. The top row is the model's own output.");
  }
}
