package org.alignment4j.pocket.world;

/**
 * A person or a country.
 *
 * @param name the full name, unique in its world
 * @param shortName the first name of a person, the name of a country
 * @param pronoun "he", "she" or "it"
 * @param misconceived whether the base corpus mostly answers questions about this entity wrongly
 * @param split whether alignment data may speak of this entity
 */
public record Entity(
    String name, String shortName, String pronoun, boolean misconceived, Split split) {}
