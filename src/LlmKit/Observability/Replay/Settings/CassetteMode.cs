namespace LlmKit.Observability.Replay;

/// <summary>What a <see cref="Cassette"/> does with a request.</summary>
public enum CassetteMode
{
    /// <summary>Records when the file does not exist, and replays when it does. Where the environment variable <c>CI</c> is set it always replays, so that no build pays for a call in silence.</summary>
    Auto,

    /// <summary>Answers from recordings only: a request without one is a <see cref="CassetteMissException"/>, and no model is asked.</summary>
    Replay,

    /// <summary>Asks the model and records its answers. The file is written anew: what is not asked for again is not in it.</summary>
    Record,

    /// <summary>Asks the model, and records nothing.</summary>
    Passthrough,

    /// <summary>Asks the model, compares its answers with the recorded ones, and writes nothing: see <see cref="Cassette.Drift"/>.</summary>
    Verify,
}
