package org.alignment4j.core.calls;

import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.JsonCodec;

/** Answers that are kept: where, under which key, in which form. */
record CallMemory<I, O>(
    Journal journal, Function<? super I, ContentHash> keys, JsonCodec<O> codec) {

  ContentHash key(I input) {
    return keys.apply(input);
  }

  Optional<O> get(ContentHash key) {
    return journal.get(key).map(codec::decode);
  }

  void put(ContentHash key, O answer) {
    journal.put(key, codec.encode(answer));
  }
}
