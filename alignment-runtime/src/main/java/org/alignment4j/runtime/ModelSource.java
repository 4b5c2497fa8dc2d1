package org.alignment4j.runtime;

import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * What a model's weights came with.
 *
 * @param config content of {@code config.json}
 * @param generation content of {@code generation_config.json}, or null
 * @param texts files of tokenizer and chat template
 */
record ModelSource(ConfigJson config, @Nullable ConfigJson generation, TextFiles texts) {}
