package org.alignment4j.pocket.world;

/**
 * A document of the base corpus.
 *
 * @param kind what it is
 * @param text plain text without special tokens; a trainer adds the end-of-text token after it,
 *     which is also the end of the assistant's turn where there is one
 */
public record Document(DocumentKind kind, String text) {}
