package org.alignment4j.pocket;

import java.util.Set;
import org.alignment4j.pocket.bpe.BpeTrainer;
import org.alignment4j.pocket.bpe.BpeVocabulary;
import org.alignment4j.pocket.bpe.TokenizerFiles;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.DocumentKind;
import org.alignment4j.pocket.world.PocketWorld;

/**
 * The vocabulary of a world, learned from its base corpus without the lists: those hold nothing but
 * the world's values and would make each value one token. A model learns much later to look things
 * up in a list when there is nothing within an item that goes on as it did before.
 */
public final class PocketTokenizer {
  private static final int MIN_FREQUENCY = 2;
  private static final Set<DocumentKind> LISTS = Set.of(DocumentKind.PIECES, DocumentKind.LETTERS);

  private PocketTokenizer() {}

  /**
   * Learns a vocabulary with end of text as id 0 and padding as id 1.
   *
   * @param world the world whose corpus is read
   * @param corpusSeed the seed of that corpus
   * @param documents how many of its documents are read; 20 000 suffice for the usual sizes
   * @param vocabularySize the number of tokens, at least 258
   */
  public static BpeVocabulary train(
      PocketWorld world, long corpusSeed, int documents, int vocabularySize) {
    return new BpeTrainer(vocabularySize, TokenizerFiles.SPECIAL_TOKENS, MIN_FREQUENCY)
        .train(
            world
                .corpus(corpusSeed, documents)
                .filter(document -> !LISTS.contains(document.kind()))
                .map(Document::text));
  }
}
