package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyRulesTest {

  private static final String SIZES =
      "'vocab_size':100,'hidden_size':32,'num_hidden_layers':2,'num_attention_heads':4,"
          + "'intermediate_size':48";
  private static final String GPT2 =
      "'model_type':'gpt2','vocab_size':100,'n_embd':32,'n_layer':2,'n_head':4";
  private static final String LLAMA = "'model_type':'llama'," + SIZES;
  private static final String NEOX = "'model_type':'gpt_neox'," + SIZES;
  private static final String QWEN2 = "'model_type':'qwen2'," + SIZES;

  @Test
  void defaultsOfGpt2() {
    DecoderConfig config = parse(GPT2);

    assertThat(config.intermediateSize()).isEqualTo(128);
    assertThat(config.maxPositions()).isEqualTo(1024);
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(config.normEpsilon()).isEqualTo(1e-5);
    assertThat(config.eosTokenIds()).isEmpty();
    assertThat(config.bosTokenId()).isNull();
  }

  @Test
  void scalesOfGpt2() {
    assertThat(parse(GPT2).attentionScale()).isEqualTo(1 / Math.sqrt(8));
    assertThat(parse(GPT2 + ",'scale_attn_weights':false").attentionScale()).isEqualTo(1);
    assertThat(parse(GPT2 + ",'scale_attn_by_inverse_layer_idx':true").scaleByInverseLayer())
        .isTrue();
  }

  @Test
  void defaultsOfLlama() {
    DecoderConfig config = parse(LLAMA + ",'head_dim':null,'rope_scaling':null");

    assertThat(config.kvHeads()).isEqualTo(4);
    assertThat(config.headDim()).isEqualTo(8);
    assertThat(config.positions()).isEqualTo(new RotaryPositions(10_000, 8));
    assertThat(config.normEpsilon()).isEqualTo(1e-6);
    assertThat(config.tiedEmbeddings()).isFalse();
    assertThat(config.qkvBias()).isFalse();
    assertThat(config.mlpBias()).isFalse();
    assertThat(config.bosTokenId()).isEqualTo(1);
    assertThat(config.eosTokenIds()).containsExactly(2);
  }

  @Test
  void optionsOfLlama() {
    DecoderConfig config =
        parse(LLAMA + ",'attention_bias':true,'mlp_bias':true,'head_dim':16,'hidden_act':'relu'");

    assertThat(config.qkvBias()).isTrue();
    assertThat(config.outputBias()).isTrue();
    assertThat(config.mlpBias()).isTrue();
    assertThat(config.headDim()).isEqualTo(16);
    assertThat(config.activation()).isEqualTo(Activation.RELU);
  }

  @Test
  void newRopeParameters() {
    assertThat(
            parse(LLAMA + ",'rope_parameters':{'rope_type':'default','rope_theta':500000.0}")
                .positions())
        .isEqualTo(new RotaryPositions(500_000, 8));
    assertThat(
            parse(NEOX + ",'rope_parameters':{'rope_theta':5000,'partial_rotary_factor':0.5}")
                .positions())
        .isEqualTo(new RotaryPositions(5000, 4));
  }

  @Test
  void optionsOfGptNeoX() {
    DecoderConfig config =
        parse(NEOX + ",'attention_bias':false,'use_parallel_residual':false,'rotary_pct':1.0");

    assertThat(config.qkvBias()).isFalse();
    assertThat(config.outputBias()).isFalse();
    assertThat(config.mlpBias()).isTrue();
    assertThat(config.parallelResidual()).isFalse();
    assertThat(config.positions()).isEqualTo(new RotaryPositions(10_000, 8));
    assertThat(parse(NEOX).positions()).isEqualTo(new RotaryPositions(10_000, 2));
    assertThat(parse(NEOX).activation()).isEqualTo(Activation.GELU_ERF);
  }

  @Test
  void slidingWindowOfQwen2() {
    String window = ",'use_sliding_window':true,'sliding_window':4096,'max_window_layers':";

    assertThat(parse(QWEN2 + ",'use_sliding_window':false,'sliding_window':16").qkvBias()).isTrue();
    assertThat(parse(QWEN2 + window + "2").layers()).isEqualTo(2);
    assertThat(parse(QWEN2 + window + "0,'max_position_embeddings':4096").layers()).isEqualTo(2);
    refuses(QWEN2 + window + "1", "sliding_window was 4096", "sliding_window");
    refuses(
        QWEN2 + ",'sliding_window':64,'layer_types':['full_attention','sliding_attention']",
        "sliding_window was 64",
        "sliding_window");
  }

  @Test
  void generationConfigSaysWhatEndsASequence() {
    ConfigJson config = json(LLAMA + ",'eos_token_id':2,'bos_token_id':1");
    ConfigJson generation = json("'eos_token_id':[7,2]");

    DecoderConfig decoder = DecoderFamilies.read(config, generation, Set.of()).config();

    assertThat(decoder.eosTokenIds()).containsExactlyInAnyOrder(2, 7);
    assertThat(decoder.bosTokenId()).isEqualTo(1);
  }

  @Test
  void minusOneIsNoPadding() {
    assertThat(parse(LLAMA + ",'pad_token_id':-1").padTokenId()).isNull();
  }

  @Test
  void refusesUnknownModelType() {
    refuses(
        "'model_type':'mistral'",
        "model_type must be one of bloom, gpt2, gpt_neo, gpt_neox, gptj, llama, opt, qwen2 but was 'mistral'",
        "model_type");
    refuses("'a':1", "model_type must be given", "model_type");
    assertThatThrownBy(() -> DecoderFamilies.of("bert"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'bert'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'hidden_act':'quick_gelu' | hidden_act must be one of | hidden_act",
        "'hidden_act':3 | must be a string but was 3 | hidden_act",
        "'rope_scaling':{'type':'linear','factor':2.0} | 'linear' | rope_scaling",
        "'rope_scaling':{'rope_type':'llama3','factor':8.0} | 'llama3' | rope_scaling",
        "'rope_scaling':{'factor':8.0} | must name its rope_type | rope_scaling",
        "'rope_parameters':{'rope_type':'yarn','rope_theta':1} | 'yarn' | rope_parameters",
        "'rope_parameters':{'rope_type':'default','factor':2} | is not understood | rope_param",
        "'rope_scaling':5 | must be an object | rope_scaling",
        "'rope_theta':-1 | must be positive | rope_theta",
        "'rope_theta':'x' | must be a finite number | rope_theta",
        "'rope_theta':1e6,'rope_parameters':{'rope_theta':1e4} | must agree | rope_theta",
        "'partial_rotary_factor':0.5 | must be 1 for this family | partial_rotary_factor",
        "'num_key_value_heads':3 | must divide num_attention_heads 4 | num_key_value_heads",
        "'num_key_value_heads':0 | must be positive but was 0 | num_key_value_heads",
        "'num_key_value_heads':1.5 | must be an integer but was 1.5 | num_key_value_heads",
        "'num_key_value_heads':9999999999 | must be an integer | num_key_value_heads",
        "'tie_word_embeddings':1 | must be true or false | tie_word_embeddings",
        "'rms_norm_eps':-1e-5 | must not be negative | rms_norm_eps",
        "'eos_token_id':100 | must be an id below vocab_size 100 | eos_token_id",
        "'eos_token_id':[2,'x'] | must be an integer | eos_token_id",
        "'quantization_config':{} | quantised checkpoints are not | quantization_config"
      })
  void refusesWhatItDoesNotUnderstand(String entry, String message, String field) {
    refuses(LLAMA + "," + entry.strip(), message.strip(), field.strip());
  }

  @Test
  void refusesMissingAndIndivisibleSizes() {
    refuses("'model_type':'llama','vocab_size':100", "hidden_size must be given", "hidden_size");
    refuses(
        LLAMA.replace("'hidden_size':32", "'hidden_size':33"),
        "must be a multiple of num_attention_heads 4 but was 33",
        "hidden_size");
    refuses(GPT2 + ",'add_cross_attention':true", "must be false", "add_cross_attention");
  }

  @Test
  void refusesRotaryPartsThatAreOdd() {
    refuses(NEOX + ",'rotary_pct':0.4", "must be even", "rotary_pct");
    refuses(NEOX + ",'rotary_pct':2", "must be even and between 2 and 8", "rotary_pct");
  }

  private static void refuses(String entries, String message, String field) {
    assertThatThrownBy(() -> parse(entries))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("field '" + field)
        .hasMessageContaining("config.json");
  }

  private static DecoderConfig parse(String entries) {
    return DecoderFamilies.read(json(entries), null, Set.of()).config();
  }

  private static ConfigJson json(String entries) {
    return ConfigJson.parse("config.json", ("{" + entries + "}").replace('\'', '"'));
  }
}
