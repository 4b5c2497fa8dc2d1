/**
 * The generated micro-world: its facts, its people, its requests, and the texts written about them.
 */
@NullMarked
package org.alignment4j.pocket.world;

import org.jspecify.annotations.NullMarked;
