package org.alignment4j.interp.lens;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.session.NativeMemory;

/** What one forward run gives to learn from: the stream before each layer, and the final logits. */
final class LensBatch {

  /** A token that counts: its sequence and position. */
  private record Place(int row, int position) {}

  private final int width;
  private final int vocabulary;
  private final ForwardResult result;
  private final List<Place> places = new ArrayList<>();

  private LensBatch(TranslatedEnd end, ForwardResult result, Set<Integer> excluded) {
    this.width = end.width();
    this.vocabulary = end.vocabulary();
    this.result = result;
    List<TokenIds> tokens = result.cache().tokens();
    for (int row = 0; row < tokens.size(); row++) {
      for (int position = 0; position < tokens.get(row).size(); position++) {
        if (!excluded.contains(tokens.get(row).get(position))) {
          places.add(new Place(row, position));
        }
      }
    }
  }

  /** Runs a model over texts. */
  static LensBatch run(
      TranslatedEnd end,
      List<TokenIds> texts,
      Set<Integer> excluded,
      CancellationToken cancellation) {
    DecoderModel model = end.model();
    return new LensBatch(
        end,
        model.forward(texts).cache(HookPoints.residPre(Layers.all())).execute(cancellation),
        excluded);
  }

  /** How many tokens count. */
  int count() {
    return places.size();
  }

  /** The stream before a layer at all places that count, {@code [count, dModel]}. */
  float[] stream(int layer) {
    HookPoint<?> point = HookPoints.residPre(layer);
    Values values = StreamRows.values(result.cache(), point, width);
    int columns = values.shape()[1];
    float[] all = values.toArray();
    float[] rows = new float[places.size() * width];
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      int from = (place.row() * columns + place.position()) * width;
      System.arraycopy(all, from, rows, i * width, width);
    }
    return rows;
  }

  /** The final logits at some places, {@code [end - from, vocabulary]}. */
  FloatBuffer logits(int from, int end) {
    FloatBuffer logits = NativeMemory.floats((long) (end - from) * vocabulary);
    for (Place place : places.subList(from, end)) {
      logits.put(result.logits(place.row(), place.position()));
    }
    return logits.flip();
  }
}
