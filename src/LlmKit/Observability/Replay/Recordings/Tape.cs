using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>The recordings of a cassette, in the order in which their requests were made, and how far each request has been played in each scope.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Tape(bool wrapAround)
{
    private readonly Lock _lock = new();
    private readonly List<Recording> _recordings = [];
    private readonly Dictionary<(string Scope, string Key), Track> _tracks = [];
    private int _version;

    /// <summary>Gets the recordings that have an answer.</summary>
    public IReadOnlyList<Recording> Whole => Snapshot().Recordings;

    /// <summary>Gives the recordings that have an answer, and the number of changes that made them.</summary>
    public (IReadOnlyList<Recording> Recordings, int Version) Snapshot()
    {
        lock (_lock)
            return ([.. _recordings.Where(recording => recording.Answer is not null)], _version);
    }

    /// <summary>Keeps a place for a recording: answers are ordered by when they were asked for, not by when they came.</summary>
    public void Add(Recording recording)
    {
        lock (_lock)
        {
            _recordings.Add(recording);
            TrackOf(recording.Scope, recording.Key).Recordings.Add(recording);
            _version++;
        }
    }

    public void Answer(Recording recording, JsonObject answer)
    {
        lock (_lock)
        {
            recording.Answer = answer;
            _version++;
        }
    }

    public void Remove(Recording recording)
    {
        lock (_lock)
        {
            _recordings.Remove(recording);
            TrackOf(recording.Scope, recording.Key).Recordings.Remove(recording);
        }
    }

    /// <summary>Gives the next recording of a request; <see langword="null"/> when there is none, or all were played.</summary>
    public Recording? Next(string scope, string key, out bool isPlayedOut)
    {
        lock (_lock)
        {
            var track = TrackOf(scope, key);
            var count = track.Recordings.Count;
            isPlayedOut = track.Next >= count && count > 0;
            if (count == 0 || (isPlayedOut && !wrapAround))
                return null;
            var recording = track.Recordings[track.Next++ % count];
            recording.IsPlayed = true;
            return recording;
        }
    }

    private Track TrackOf(string scope, string key)
    {
        if (!_tracks.TryGetValue((scope, key), out var track))
            _tracks[(scope, key)] = track = new();
        return track;
    }

    private sealed class Track
    {
        public List<Recording> Recordings { get; } = [];

        public int Next { get; set; }
    }
}
