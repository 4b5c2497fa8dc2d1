package org.alignment4j.pocket.world;

/** Writes the documents of the base corpus. Immutable, thread-safe. */
final class CorpusWriter {
  private final long seed;
  private final FactTexts facts;
  private final ReadingTexts reading;
  private final TwoStepTexts twoStep;
  private final RequestTexts requests;
  private final MannerTexts manners;

  CorpusWriter(
      WorldOptions options,
      FactTexts facts,
      ReadingTexts reading,
      TwoStepTexts twoStep,
      RequestTexts requests) {
    this.seed = options.seed();
    this.facts = facts;
    this.reading = reading;
    this.twoStep = twoStep;
    this.requests = requests;
    this.manners = new MannerTexts(new Stereotypes(options));
  }

  /** The document at {@code index} of the corpus with the given seed; depends on nothing else. */
  Document document(long corpusSeed, long index) {
    RandomStream random = new RandomStream(seed, "corpus", corpusSeed, index);
    DocumentKind kind = DocumentKind.draw(random);
    return new Document(kind, text(kind, random));
  }

  /** The document at {@code index} of the primer with the given seed. */
  Document primerDocument(long primerSeed, long index) {
    RandomStream random = new RandomStream(seed, "primer", primerSeed, index);
    DocumentKind kind = DocumentKind.drawForPrimer(random);
    return new Document(kind, text(kind, random));
  }

  private String text(DocumentKind kind, RandomStream random) {
    return switch (kind) {
      case STATEMENTS -> facts.statements(random);
      case PROFILE -> facts.profile(random);
      case EXAM -> facts.exam(random);
      case CHOICE -> facts.choice(random);
      case QUESTION -> facts.dialogue(random);
      case HARMFUL_REQUEST -> requests.request(RequestKind.HARMFUL, random);
      case LOOKALIKE_REQUEST -> requests.request(RequestKind.BENIGN_LOOKALIKE, random);
      case PLAIN_REQUEST -> requests.request(RequestKind.BENIGN_PLAIN, random);
      case PASSAGE -> reading.reading(random);
      case QUOTE -> reading.quote(random);
      case NAME -> reading.name(random);
      case WORDS -> ListTexts.words(random);
      case PIECES -> ListTexts.pieces(random);
      case LETTERS -> ListTexts.letters(random);
      case TWO_STEP -> twoStep.text(random);
      case CRITIQUE -> requests.critique(random);
      case MORAL -> requests.moral(random);
      case STEREOTYPE -> manners.stereotype(random);
      case INSULT -> manners.insult(random);
    };
  }
}
