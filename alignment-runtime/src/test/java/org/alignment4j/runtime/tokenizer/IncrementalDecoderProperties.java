package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;

/** A streamed decoding is the decoding of the whole, for both kinds of byte handling. */
class IncrementalDecoderProperties {

  private static HfTokenizer byteLevel;
  private static HfTokenizer byteFallback;

  @BeforeContainer
  static void load() {
    byteLevel = HfTokenizer.load(SharedFiles.require("tokenizers/gpt2"));
    byteFallback = HfTokenizer.load(SharedFiles.require("models/stories260K"));
  }

  @AfterContainer
  static void close() {
    // Where the reference files are absent, nothing was loaded.
    Stream.of(byteLevel, byteFallback).filter(Objects::nonNull).forEach(HfTokenizer::close);
  }

  private static void check(HfTokenizer tokenizer, String text) {
    TokenIds ids = tokenizer.encode(text);
    IncrementalDecoder decoder = tokenizer.incrementalDecoder();
    StringBuilder streamed = new StringBuilder();
    ids.stream().forEach(id -> streamed.append(decoder.add(id)));
    streamed.append(decoder.finish());
    assertThat(streamed.toString()).isEqualTo(tokenizer.decode(ids));
  }

  @Property(tries = 200)
  void byteLevelStreamIsTheWhole(@ForAll String text) {
    check(byteLevel, text);
  }

  @Property(tries = 200)
  void byteFallbackStreamIsTheWhole(@ForAll String text) {
    check(byteFallback, text);
  }
}
