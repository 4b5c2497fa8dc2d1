package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * What a model would say if it ended early: logits of the residual stream between its layers
 * (nostalgebraist 2020), {@code logits_l = norm_final(resid_l) · W_U + b_U} with the norm's scale
 * computed of each row anew or kept from the last one ({@link LensNorm}), and with the soft cap
 * where the model has one. At the end of the stream this is the model's own output. Immutable and
 * safe for concurrent use while the model is open.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LogitLens {

  private final Unembedding unembedding;
  private final LensNorm norm;

  private LogitLens(Unembedding unembedding, LensNorm norm) {
    this.unembedding = unembedding;
    this.norm = norm;
  }

  /**
   * The lens of a model, the norm computed of each row anew.
   *
   * @param model whose final norm and unembedding read the stream; stays the caller's to close
   * @return the lens
   */
  public static LogitLens of(DecoderModel model) {
    return of(model, LensNorm.RECOMPUTED);
  }

  /**
   * The lens of a model.
   *
   * @param model whose final norm and unembedding read the stream; stays the caller's to close
   * @param norm which scale the final norm divides by; where the model has no final norm, none
   * @return the lens
   */
  public static LogitLens of(DecoderModel model, LensNorm norm) {
    return new LogitLens(Unembedding.of(model), norm);
  }

  /**
   * Returns the hook points that a run must keep for a full reading: the stream before each layer,
   * between attention and MLP where blocks are sequential, and after the last layer; with a frozen
   * scale also the final norm's.
   *
   * @return the points
   */
  public List<HookPointSet<?>> points() {
    int last = unembedding.model().layerCount() - 1;
    List<HookPointSet<?>> points =
        new ArrayList<>(
            List.of(
                HookPoints.residPre(Layers.all()),
                HookPoints.residMid(Layers.all()),
                HookPoints.residPost(last)));
    if (frozen()) {
      points.add(HookPoints.lnFinalScale());
    }
    return List.copyOf(points);
  }

  private boolean frozen() {
    return norm == LensNorm.FROZEN_SCALE
        && unembedding.model().hookPoints().contains(HookPoints.lnFinalScale());
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
    return read(unembedding.model(), sequences, top, CancellationToken.none());
  }

  /**
   * Reads a run of a model, such as the lens's own with interventions.
   *
   * @param model the model that is run
   * @param sequences the tokens of each sequence
   * @param top how many tokens to keep of each place, at least 1
   * @param cancellation asks to stop, before the run and between points
   * @return what each point of the stream would say
   * @throws IllegalArgumentException when the sequences do not fit the model, {@code top} is below
   *     1, or the model's stream has another width than the lens's
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LensReading read(
      HookedModel model, List<TokenIds> sequences, int top, CancellationToken cancellation) {
    ActivationCache cache =
        model
            .forward(sequences)
            .cache(points().toArray(HookPointSet<?>[]::new))
            .execute(cancellation)
            .cache();
    return read(cache, top, cancellation);
  }

  /**
   * Reads the points of the residual stream that a run has kept.
   *
   * @param cache the run's activations
   * @param top how many tokens to keep of each place, at least 1
   * @param cancellation asks to stop between points
   * @return what each point of the stream would say
   * @throws IllegalArgumentException when the cache has no point of the stream, {@code top} is
   *     below 1, or the stream has another width than the lens's
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public LensReading read(ActivationCache cache, int top, CancellationToken cancellation) {
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1 but was " + top);
    }
    List<HookPoint<?>> points = stream(cache);
    List<TokenIds> tokens = cache.tokens();
    LensDistributions last = distributions(cache, points.get(points.size() - 1));
    List<LensReading.Layer> layers = new ArrayList<>();
    for (HookPoint<?> point : points) {
      cancellation.throwIfCancelled("the logit lens");
      LensDistributions own =
          point.equals(points.get(points.size() - 1)) ? last : distributions(cache, point);
      layers.add(new LensReading.Layer(point, own.places(last, top)));
    }
    return new LensReading(unembedding.model().id(), tokens, layers);
  }

  /**
   * Returns the logits that a point of the stream gives at one place.
   *
   * @param cache a run's activations
   * @param point a point of the residual stream that was kept
   * @param row the sequence, from 0
   * @param position the position, negative from the sequence's end
   * @return {@code [vocabulary]}
   * @throws IllegalArgumentException when the point is none of the stream or was not kept, or the
   *     place is outside
   */
  public float[] logits(ActivationCache cache, HookPoint<?> point, int row, int position) {
    requireStream(point);
    float[] stream = StreamRows.one(cache, point, unembedding.width(), row, position);
    return frozen()
        ? unembedding.logits(
            stream, StreamRows.one(cache, HookPoints.lnFinalScale(), 1, row, position))
        : unembedding.logits(stream);
  }

  private LensDistributions distributions(ActivationCache cache, HookPoint<?> point) {
    float[] stream = StreamRows.all(cache, point, unembedding.width());
    return new LensDistributions(
        cache.tokens(),
        frozen()
            ? unembedding.logits(stream, StreamRows.all(cache, HookPoints.lnFinalScale(), 1))
            : unembedding.logits(stream));
  }

  /** The points of the stream, each state of it once. */
  private static List<HookPoint<?>> stream(ActivationCache cache) {
    List<HookPoint<?>> points = new ArrayList<>();
    for (HookPoint<?> point : cache.points()) {
      boolean kept =
          point.kind() == HookKind.RESID_PRE
              && point.layer() > 0
              && cache.contains(HookPoints.residPost(point.layer() - 1));
      if (StreamRows.isStream(point) && !kept) {
        points.add(point);
      }
    }
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "the run must have kept a point of the residual stream but kept "
              + cache.points()
              + "; name LogitLens.points() in cache(...)");
    }
    return points;
  }

  private static void requireStream(HookPoint<?> point) {
    if (!StreamRows.isStream(point)) {
      throw new IllegalArgumentException(
          "the lens reads hook_resid_pre, hook_resid_mid and hook_resid_post but was given "
              + point);
    }
  }
}
