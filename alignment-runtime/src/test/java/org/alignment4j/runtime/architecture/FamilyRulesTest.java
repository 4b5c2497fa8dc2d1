package org.alignment4j.runtime.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.Variations.HeadNorm;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
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
  void slidingWindowsOfQwen() {
    String window = ",'use_sliding_window':true,'sliding_window':64,'max_window_layers':1";
    for (String family : List.of(QWEN2, QWEN2.replace("qwen2", "qwen3"))) {
      String base = family + ",'num_key_value_heads':2";
      assertThat(windows(base + window.replace("true", "false"))).isEmpty();
      assertThat(windows(base + window)).containsExactly(0, 64);
      assertThat(windows(base + window.replace(":1", ":2"))).isEmpty();
      String types = ",'layer_types':['sliding_attention','full_attention']";
      assertThat(windows(base + window + types)).containsExactly(64, 0);
      refuses(base + types, "no sliding_attention where no sliding window", "layer_types");
      refuses(base + ",'layer_types':['chunked_attention','x']", "must have 2", "layer_types");
      refuses(base + ",'layer_types':['full_attention']", "must have 2 entries", "layer_types");
    }
  }

  @Test
  void windowsOfMistralAndPhi3() {
    String mistral = "'model_type':'mistral','num_key_value_heads':2," + SIZES;
    assertThat(windows(mistral)).containsExactly(4096, 4096);
    assertThat(windows(mistral + ",'sliding_window':null")).isEmpty();
    assertThat(windows(mistral + ",'sliding_window':7")).containsExactly(7, 7);
    refuses(mistral + ",'sliding_window':0", "must be positive but was 0", "sliding_window");
    String phi3 = "'model_type':'phi3'," + SIZES;
    assertThat(windows(phi3)).isEmpty();
    assertThat(windows(phi3 + ",'sliding_window':2047")).containsExactly(2047, 2047);
    assertThat(parse(mistral.replace("'num_key_value_heads':2", "'num_key_value_heads':null")))
        .extracting(DecoderConfig::kvHeads)
        .isEqualTo(4);
  }

  @Test
  void defaultsOfQwen3() {
    DecoderConfig config = parse("'model_type':'qwen3','num_key_value_heads':2," + SIZES);

    assertThat(config.headDim()).isEqualTo(128);
    assertThat(config.variations().headNorm()).isEqualTo(HeadNorm.EACH);
    assertThat(config.qkvBias()).isFalse();
    assertThat(config.maxPositions()).isEqualTo(32768);
  }

  @Test
  void optionsOfGemma() {
    String gemma = "'model_type':'gemma','num_key_value_heads':1,'head_dim':8," + SIZES;
    DecoderConfig config = parse(gemma);

    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(config.variations().embeddingScale()).isEqualTo(Math.sqrt(32));
    assertThat(config.variations().unitOffsetNorm()).isTrue();
    assertThat(config.eosTokenIds()).containsExactly(1);
    assertThat(parse(gemma + ",'hidden_act':'gelu'").activation()).isEqualTo(Activation.GELU_TANH);
    for (String ignored : List.of("silu", "relu", "gelu_pytorch_tanh", "unknown")) {
      assertThat(parse(gemma + ",'hidden_act':'" + ignored + "'").activation())
          .isEqualTo(Activation.GELU_TANH);
      assertThat(
              parse(gemma + ",'hidden_activation':null,'hidden_act':'" + ignored + "'")
                  .activation())
          .isEqualTo(Activation.GELU_TANH);
    }
    assertThat(parse(gemma + ",'hidden_act':'gelu','hidden_activation':'gelu'").activation())
        .isEqualTo(Activation.GELU_ERF);
    refuses(gemma + ",'use_bidirectional_attention':true", "must be false", "use_bidirectional");
    refuses(gemma + ",'hidden_activation':'mish'", "must be one of", "hidden_activation");
  }

  @Test
  void optionsOfGemma2() {
    String gemma = "'model_type':'gemma2','num_key_value_heads':2,'head_dim':8," + SIZES;
    DecoderConfig config = parse(gemma);

    assertThat(config.attentionScale()).isEqualTo(1.0 / 16);
    assertThat(config.variations().scoreCap()).isEqualTo(50);
    assertThat(config.variations().logitCap()).isEqualTo(30);
    assertThat(config.variations().windows()).containsExactly(4096, 0);
    String none = ",'attn_logit_softcapping':null,'final_logit_softcapping':null";
    Variations uncapped = parse(gemma + none + ",'sliding_window':null").variations();
    assertThat(uncapped.scoreCap()).isZero();
    assertThat(uncapped.logitCap()).isZero();
    assertThat(uncapped.windowed()).isFalse();
    refuses(gemma + ",'attn_logit_softcapping':-1", "must be positive", "attn_logit_softcapping");
    refuses(gemma + ",'query_pre_attn_scalar':0", "must be positive", "query_pre_attn_scalar");
  }

  @Test
  void optionsOfPhi3() {
    String phi3 = "'model_type':'phi3','max_position_embeddings':131072," + SIZES;
    String rope =
        ",'rope_scaling':{'type':'su','short_factor':[1,1,1.5,2],'long_factor':[1,2,3,4]}";
    DecoderConfig config = parse(phi3 + rope);

    assertThat(config.maxPositions()).isEqualTo(131072);
    assertThat(((RotaryPositions) config.positions()).scaling().magnitude())
        .isEqualTo(Math.sqrt(1 + Math.log(32) / Math.log(4096)));
    assertThat(((RotaryPositions) config.positions()).scaling())
        .isEqualTo(
            new RotaryScaling.LongRope(
                List.of(1.0, 1.0, 1.5, 2.0),
                List.of(1.0, 2.0, 3.0, 4.0),
                4096,
                Math.sqrt(1 + Math.log(32) / Math.log(4096))));
    for (String original : List.of("", ",'original_max_position_embeddings':4096")) {
      String factor = rope.replace("'su'", "'longrope','factor':2.0") + original;
      assertThat(((RotaryPositions) parse(phi3 + factor).positions()).scaling().magnitude())
          .isEqualTo(Math.sqrt(1 + Math.log(32) / Math.log(4096)));
    }
    assertThat(parse(phi3).maxPositions()).isEqualTo(131072);
    assertThat(parse(phi3 + ",'partial_rotary_factor':0.5").positions())
        .isEqualTo(new RotaryPositions(10_000, 4));
  }

  @Test
  void optionsOfOlmo2() {
    String olmo2 = "'model_type':'olmo2'," + SIZES;
    Variations variations = parse(olmo2).variations();

    assertThat(variations.normBefore()).isFalse();
    assertThat(variations.headNorm()).isEqualTo(HeadNorm.ALL);
    assertThat(parse(olmo2).normEpsilon()).isEqualTo(1e-5);
    refuses(olmo2 + ",'clip_qkv':8.0", "must be null", "clip_qkv");
    refuses(olmo2 + ",'partial_rotary_factor':0.5", "must be 1", "partial_rotary_factor");
  }

  @Test
  void optionsOfMixtral() {
    String mixtral = "'model_type':'mixtral','num_key_value_heads':2," + SIZES;
    DecoderConfig config = parse(mixtral);

    assertThat(config.variations().experts()).isEqualTo(new Variations.Experts(8, 2));
    assertThat(config.positions()).isEqualTo(new RotaryPositions(1e6, 8));
    assertThat(config.variations().windowed()).isFalse();
    assertThat(windows(mixtral + ",'sliding_window':9")).containsExactly(9, 9);
    refuses(mixtral + ",'router_jitter_noise':0.1", "must be 0", "router_jitter_noise");
    refuses(mixtral + ",'num_local_experts':1", "must be at most", "num_experts_per_tok");
  }

  @Test
  void frequenciesThatDependOnTheLength() {
    DecoderConfig dynamic =
        parse(
            LLAMA
                + ",'max_position_embeddings':100,'rope_scaling':{'type':'dynamic','factor':2.5}");
    assertThat(dynamic.maxPositions()).isEqualTo(250);
    RotaryScaling scaling = ((RotaryPositions) dynamic.positions()).scaling();
    assertThat(scaling).isEqualTo(new RotaryScaling.Dynamic(2.5, 100));
    assertThat(scaling.trainedLength()).hasValue(100);
    assertThat(scaling.at(100)).isEqualTo(new RotaryScaling.None());
    assertThat(scaling.at(200)).isEqualTo(new RotaryScaling.RaisedBase(3.5));
    // The first component stays, the last of four turns 3.5 times slower.
    assertThat(scaling.at(200).frequencies(10_000, 4)[0]).isEqualTo(1);
    assertThat(scaling.at(200).frequencies(10_000, 4)[1]).isCloseTo(0.01 / 3.5, within(1e-15));
    assertThat(scaling.frequencies(10_000, 4)).containsExactly(1, 0.01);

    String longRope =
        ",'max_position_embeddings':64,'rope_scaling':{'type':'longrope','short_factor':[1,1,1,2],"
            + "'long_factor':[4,4,4,4],'original_max_position_embeddings':";
    RotaryScaling longer =
        ((RotaryPositions) parse(LLAMA + longRope + "16}").positions()).scaling();
    assertThat(longer.at(16).frequencies(1, 8)).containsExactly(1, 1, 1, 0.5);
    assertThat(longer.at(17).frequencies(1, 8)).containsExactly(0.25, 0.25, 0.25, 0.25);
    assertThat(longer.at(17).magnitude()).isEqualTo(longer.magnitude());
    RotaryScaling whole = ((RotaryPositions) parse(LLAMA + longRope + "64}").positions()).scaling();
    assertThat(whole).isInstanceOf(RotaryScaling.Divided.class);
    assertThat(whole.trainedLength()).isEmpty();
    refuses(
        NEOX + ",'rotary_pct':0.25,'rope_scaling':{'type':'dynamic','factor':2}",
        "needs heads of which at least 4 components turn but 2 do",
        "rope_scaling");
  }

  private static List<Integer> windows(String entries) {
    return parse(entries).variations().windows();
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
        "'model_type':'mamba'",
        "model_type must be one of bloom, gemma, gemma2, gpt2, gpt_neo, gpt_neox, gptj, llama, "
            + "mistral, mixtral, olmo2, opt, phi3, qwen2, qwen3 but was 'mamba'",
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
        "'rope_scaling':{'type':'ntk','factor':2.0} | was 'ntk' | rope_scaling",
        "'rope_scaling':{'type':'linear'} | factor must be given for rope_type 'linear' | rope_sc",
        "'rope_scaling':{'type':'linear','factor':0} | factor must be positive | rope_scaling",
        "'rope_scaling':{'type':'dynamic','factor':2,'alpha':1} | alpha is not under |"
            + " rope_scaling",
        "'rope_scaling':{'rope_type':'llama3','factor':8.0} | low_freq_factor must be |"
            + " rope_scaling",
        "'rope_scaling':{'rope_type':'llama3','factor':8,'low_freq_factor':4,'high_freq_factor':4} "
            + "| high_freq_factor must be greater | rope_scaling",
        "'rope_scaling':{'type':'linear','factor':2},'rope_parameters':{'rope_type':'yarn'} "
            + "| must agree but name 'linear' and 'yarn' | rope_scaling",
        "'rope_scaling':{'type':'longrope','short_factor':[1,1,1,1],"
            + "'original_max_position_embeddings':9} | long_factor must have 4 | rope_scal",
        "'rope_scaling':{'type':'longrope','short_factor':[1,2]} | must have 4 positive |"
            + " rope_scal",
        "'layer_types':['full_attention','sliding_attention'] | must all be full | layer_types",
        "'rope_scaling':{'factor':8.0} | must name its rope_type | rope_scaling",
        "'rope_parameters':{'rope_type':'yarn','factor':2,'ramp':1} | ramp is not |"
            + " rope_parameters",
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

  private static final String GPTJ =
      "'model_type':'gptj','vocab_size':100,'n_embd':32,'n_layer':2,'n_head':4,'rotary_dim':4";
  private static final String NEO =
      "'model_type':'gpt_neo','vocab_size':100,'hidden_size':32,'num_layers':2,'num_heads':4";
  private static final String ALTERNATING = ",'attention_types':[[['global','local'],1]]";
  private static final String OPT =
      "'model_type':'opt','vocab_size':100,'hidden_size':32,'num_hidden_layers':2,"
          + "'num_attention_heads':4,'ffn_dim':48";
  private static final String BLOOM =
      "'model_type':'bloom','vocab_size':100,'n_embed':32,'n_layer':2,'num_attention_heads':4";

  @Test
  void defaultsOfGptJ() {
    DecoderConfig config = parse(GPTJ);

    assertThat(config.positions())
        .isEqualTo(new RotaryPositions(10_000, 4, new RotaryScaling.None(), true));
    assertThat(config.intermediateSize()).isEqualTo(128);
    assertThat(config.maxPositions()).isEqualTo(2048);
    assertThat(config.parallelResidual()).isTrue();
    assertThat(config.qkvBias()).isFalse();
    assertThat(config.outputBias()).isFalse();
    assertThat(config.mlpBias()).isTrue();
    assertThat(config.tiedEmbeddings()).isFalse();
    assertThat(config.options().headBias()).isTrue();
    assertThat(config.variations().normPlacement()).isEqualTo(Variations.NormPlacement.SHARED);
    refuses(GPTJ.replace("'rotary_dim':4", "'rotary_dim':null"), "rotary_dim must be", "rotary_d");
    refuses(GPTJ.replace("'rotary_dim':4", "'rotary_dim':5"), "must be even", "rotary_dim");
    refuses(GPTJ.replace(",'rotary_dim':4", ""), "at most the head's 8 components", "rotary_dim");
    refuses(GPTJ + ",'hidden_size':48", "must agree but were 32 and 48", "n_embd");
    refuses(GPTJ + ",'rope_scaling':{'type':'linear'}", "must be absent", "rope_scaling");
    refuses(GPTJ + ",'activation_function':'mish'", "but was 'mish'", "activation_function");
  }

  @Test
  void windowsOfGptNeo() {
    String narrow = NEO + ",'window_size':7";

    assertThat(parse(NEO + ALTERNATING).variations().windows()).containsExactly(0, 256);
    assertThat(parse(NEO + ALTERNATING).attentionScale()).isEqualTo(1);
    assertThat(parse(narrow + ",'attention_layers':['local','global']").variations().windows())
        .containsExactly(7, 0);
    assertThat(parse(NEO + ",'attention_types':[[['global'],2]]").variations().windows()).isEmpty();
    assertThat(parse(NEO + ALTERNATING + ",'max_position_embeddings':256").variations().windows())
        .isEmpty();
    refuses(NEO, "must name num_layers 2 layers but names 24", "attention_types");
    refuses(NEO + ",'attention_types':[[['global'],1]]", "but names 1", "attention_types");
    refuses(NEO + ",'attention_types':[[['global','mixed'],1]]", "has 'mixed'", "attention_types");
    refuses(NEO + ",'attention_types':['global']", "must be pairs such as", "attention_types");
    refuses(NEO + ",'attention_types':[[['global'],99999999]]", "0 to num_layers 2", "attention_t");
    refuses(
        NEO + ALTERNATING + ",'attention_layers':['local','global']",
        "must be what attention_types gives",
        "attention_layers");
    refuses(NEO + ALTERNATING + ",'window_size':0", "must be positive", "window_size");
  }

  @Test
  void optionsOfOpt() {
    DecoderConfig config = parse(OPT);

    assertThat(config.positions()).isEqualTo(new DecoderConfig.LearnedPositions(2));
    assertThat(config.options()).isEqualTo(DecoderOptions.usual());
    assertThat(config.activation()).isEqualTo(Activation.RELU);
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.eosTokenIds()).containsExactly(2);
    DecoderConfig after =
        parse(OPT + ",'do_layer_norm_before':false,'word_embed_proj_dim':16,'enable_bias':false");
    assertThat(after.variations().normPlacement()).isEqualTo(Variations.NormPlacement.AFTER_SUM);
    assertThat(after.options().finalNorm()).isFalse();
    assertThat(after.embeddingSize()).isEqualTo(16);
    assertThat(after.qkvBias() || after.outputBias() || after.mlpBias()).isFalse();
    refuses(
        OPT + ",'layer_norm_elementwise_affine':false",
        "must be true but was false",
        "layer_norm_elementwise_affine");
    refuses(OPT + ",'scale_embedding':true", "must be false but was true", "scale_embedding");
  }

  @Test
  void optionsOfBloom() {
    DecoderConfig config = parse(BLOOM);

    assertThat(config.positions()).isEqualTo(new DecoderConfig.AlibiPositions());
    assertThat(config.hiddenSize()).isEqualTo(32);
    assertThat(config.heads()).isEqualTo(4);
    assertThat(config.intermediateSize()).isEqualTo(128);
    assertThat(config.options().embeddingNorm()).isTrue();
    assertThat(config.variations().normPlacement()).isEqualTo(Variations.NormPlacement.BEFORE);
    assertThat(
            parse(BLOOM + ",'apply_residual_connection_post_layernorm':true")
                .variations()
                .normPlacement())
        .isEqualTo(Variations.NormPlacement.BEFORE_RESIDUAL);
    refuses(BLOOM + ",'n_inner':64", "must be 4 times hidden_size 32 but was 64", "n_inner");
    refuses(BLOOM + ",'hidden_size':64", "must agree but were 64 and 32", "hidden_size");
  }

  @Test
  void slopesOfLinearBiases() {
    assertThat(DecoderConfig.AlibiPositions.slopes(8))
        .containsExactly(0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625);
    // Eight heads' slopes, then every second one of sixteen heads'.
    assertThat(DecoderConfig.AlibiPositions.slopes(12))
        .startsWith(0.5, 0.25)
        .endsWith(Math.pow(2, -0.5), Math.pow(2, -1.5), Math.pow(2, -2.5), Math.pow(2, -3.5));
    assertThat(DecoderConfig.AlibiPositions.slopes(1)).containsExactly(0.00390625);
  }

  @Test
  void countsThatNoModelHasAreRefusedBeforeAnythingIsMadeOfThem() {
    for (String layers : List.of("10001", "2147483647")) {
      refuses(
          LLAMA.replace("layers':2", "layers':" + layers), "at most 10000", "num_hidden_layers");
      refuses(GPT2.replace("n_layer':2", "n_layer':" + layers), "at most 10000", "n_layer");
    }
    refuses(
        NEO.replace("num_layers':2", "num_layers':9000")
            + ",'attention_types':[[['global','local'],9000]]",
        "names more",
        "attention_types");
    Architecture mixtral =
        DecoderFamilies.read(
            json(
                LLAMA.replace("'llama'", "'mixtral'").replace("layers':2", "layers':10000")
                    + ",'num_key_value_heads':2,'num_local_experts':100000"),
            null,
            Set.of());
    assertThatThrownBy(() -> mixtral.adopt(Weights.of(List.of())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("describes more than 10000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'attn_logit_softcapping':50.0 | must be absent or 0 | attn_logit_softcapping",
        "'final_logit_softcapping':30.0 | must be absent or 0 | final_logit_softcapping",
        "'no_rope_layers':[1,0] | 1 for every layer | no_rope_layers",
        "'no_rope_layers':4 | must be a list of numbers but was 4 | no_rope_layers",
        "'use_qk_norm':true | must be absent or false | use_qk_norm",
        "'qk_layernorm':true | must be absent or false | qk_layernorm",
        "'residual_multiplier':0.22 | must be absent or 1 | residual_multiplier",
        "'attention_multiplier':0.0078125 | the family's own 0.35 | attention_multiplier",
        "'logits_scaling':8.0 | must be absent or 1 | logits_scaling",
        "'logit_scale':0.0625 | must be absent or 1 | logit_scale",
        "'embedding_multiplier':12.0 | must be absent or 1 | embedding_multiplier",
        "'rope_interleaved':true | must be absent or false | rope_interleaved",
        "'num_experts':8 | must be absent or 1 | num_experts",
        "'num_local_experts':8 | must be absent or 1 | num_local_experts",
        "'auto_map':{'AutoModelForCausalLM':'modeling_x.XForCausalLM'} | not run | auto_map",
        "'auto_map':'x' | must be an object | auto_map",
        "'architectures':['X'] | must be among [LlamaForCausalLM, LlamaF | architectures",
        "'architectures':['LlamaForCausalLM','MistralForCausalLM'] | but was 'Mist | architectures",
        "'architectures':'LlamaForSequenceClassification' | a list of strings | architectures",
        "'layer_types':'full_attention' | must be a list of strings | layer_types",
        "'rope_scaling':{'type':'yarn','factor':4.0,'mscale':1e300,'mscale_all_dim':-1e300}"
            + " | mscale and mscale_all_dim must give | rope_scaling",
        "'rope_scaling':{'type':'yarn','factor':4.0,'mscale':1,'mscale_all_dim':-7.213475204444817}"
            + " | mscale and mscale_all_dim must give | rope_scaling",
        "'rope_scaling':{'type':'longrope','short_factor':'abcd'} | list of numbers | short_factor"
      })
  void whatOtherFamiliesComputeIsRefused(String entry, String message, String field) {
    refuses(LLAMA + "," + entry, message, field);
    if (!entry.startsWith("'architectures'")) {
      refuses(QWEN2 + "," + entry, message, field);
    }
  }

  @Test
  void whatChangesNothingIsRead() {
    DecoderConfig plain = parse(LLAMA);
    for (String entry :
        List.of(
            "'attn_logit_softcapping':null,'final_logit_softcapping':0",
            "'no_rope_layers':[1,1]",
            "'use_qk_norm':false,'num_experts':0,'rope_interleaved':false",
            "'residual_multiplier':1.0,'logits_scaling':1,'logit_scale':null",
            "'attention_multiplier':0.35355339",
            "'auto_map':{'AutoConfig':'x.Y','AutoModelForCausalLM':'m.LlamaForCausalLM'}",
            "'architectures':['LlamaModel']",
            "'architectures':null",
            "'architectures':[]")) {
      assertThat(parse(LLAMA + "," + entry)).isEqualTo(plain);
    }
    parse("'architectures':['GPT2LMHeadModel']," + GPT2);
    parse("'architectures':['GPT2Model']," + GPT2);
    parse("'architectures':['GPTNeoXForCausalLM']," + NEOX);
    refuses("'architectures':['GPT2LMHeadModel']," + LLAMA, "must be among", "architectures");
    String mixtral = "'model_type':'mixtral','num_key_value_heads':2," + SIZES;
    parse(mixtral + ",'num_experts':8");
    refuses(mixtral + ",'num_experts':4", "must be absent or 8", "num_experts");
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
