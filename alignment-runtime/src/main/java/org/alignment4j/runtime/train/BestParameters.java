package org.alignment4j.runtime.train;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A copy of parameters in memory, to go back to. */
final class BestParameters {
  private final List<Buffer> copies = new ArrayList<>();

  private BestParameters() {}

  static BestParameters copyOf(List<StateTensor> parameters) {
    BestParameters best = new BestParameters();
    parameters.forEach(tensor -> tensor.parts().forEach(part -> best.copies.add(copy(part))));
    return best;
  }

  private static Buffer copy(Buffer part) {
    if (part instanceof FloatBuffer floats) {
      FloatBuffer copy = FlatParameters.allocate(floats.limit());
      copy.put(floats.duplicate().rewind());
      return copy;
    }
    ByteBuffer bytes = (ByteBuffer) part;
    return ByteBuffer.allocateDirect(bytes.limit()).put(bytes.duplicate().rewind());
  }

  void restore(List<StateTensor> parameters) {
    int i = 0;
    for (StateTensor tensor : parameters) {
      for (Buffer part : tensor.parts()) {
        Buffer copy = copies.get(i++);
        if (part instanceof FloatBuffer floats) {
          floats.duplicate().rewind().put(((FloatBuffer) copy).duplicate().rewind());
        } else {
          ((ByteBuffer) part).duplicate().rewind().put(((ByteBuffer) copy).duplicate().rewind());
        }
      }
    }
  }
}
