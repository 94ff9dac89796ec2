using System.Text.RegularExpressions;

namespace LlmKit.Text.Injection;

/// <summary>The families of phrases. Every quantifier is bounded, so that the search stays linear; a pattern is tried only where a word of its family begins.</summary>
internal static partial class PhraseFamilies
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Prior =
        @"(previous|prior|preceding|earlier|above|foregoing|initial|original|existing|current|past|system|your|all|these|those|any (previous|prior|earlier|other))";

    private const string Orders =
        @"(instructions?|prompts?|rules?|guidelines?|directions?|directives?|commands?|orders?|programming|training|constraints?|restrictions?|assignments?|tasks?|context|policies|policy|thoughts|conversations?)";

    /// <summary>The families, each with the words with which its phrases begin.</summary>
    public static IReadOnlyList<PhraseFamily> All { get; } =
    [
        new("injection-override", 3, Override(), "ignor", "disregard", "forget", "overrid", "bypass", "neglect", "discard", "overlook", "drop", "abandon",
            "remove", "delete", "erase", "change", "do not follow", "don't follow", "stop following"),
        new("injection-override", 3, OverrideEverything(), "ignore", "disregard", "forget", "stop", "all previous", "allprevious"),
        .. ForeignPhrases.All,
        new("injection-persona", 2, Persona(), "dan", "stan", "dude", "aim", "chatdan", "do anything", "anything now", "dev", "jailbr", "god mode", "sudo",
            "debug", "admin", "opposite", "evil", "chaos", "two ", "amoral", "unfilter", "uncensor", "unethic", "unrestrict", "unhinged", "act", "behave as",
            "respond", "role", "answer", "reply", "speak"),
        new("injection-no-limits", 2, NoLimits(), "without", "no ", "free", "bypass", "not ", "doesn't have", "don't have", "broken free", "lack",
            "any ", "never", "cannot", "can't", "mustn't", "won't", "shouldn't", "don't refuse", "don't re", "regardless of", "restricted by", "controlled by", "bound by",
            "limited by", "constrained by", "openai", "turn off", "switch off"),
        new("injection-prompt-leak", 2, PromptLeak(), "repeat", "reveal", "print", "show", "tell", "give", "output", "display", "write", "share", "leak",
            "expose", "return", "dump", "list", "state", "disclose", "provide", "copy", "recite", "what", "instructions", "prompt", "paste", "relay", "encode", "log"),
        new("injection-delimiter", 2, Delimiter(), "<|", "[inst", "[/inst", "<<sys", "<</sys", "##", "<system", "</system", "<instruction", "</instruction",
            "<admin", "</admin", "system", "admin", "root", "[system", "[admin", "[root", "(system", "(admin"),
        new("injection-exfiltration", 2, Exfiltration(), "send", "forward", "post", "upload", "email", "e-mail", "transmit", "exfiltrate", "leak"),
        new("injection-role", 1, Role(), "you are", "you're now", "from now on", "from this", "you will", "pretend", "act as", "role", "your new", "i want you",
            "your name is", "stay", "jailbreak", "break"),
        new("injection-new-instruction", 1, NewInstruction(), "important", "new ", "urgent", "critical", "instead", "only", "just", "simply", "safe", "now ", "then ",
            "hypothetical"),
        new("injection-model-address", 1, ModelAddress(), "hello", "hi", "hey", "ignore", "as ", "rules of", "polic", "openai", "illegal", "immoral", "unethical"),
    ];

    [GeneratedRegex(
        @"\G(\b(ignor(e|ing)|disregard(ing)?|forget(ting)?|overrid(e|ing)|bypass(ing)?|neglect|discard|overlook|drop|abandon|remove|delete|erase|change|do not follow|don't follow|stop following)\b" +
        @"[^.!?\n]{0,40}?\b" + Prior + @"\b[^.!?\n]{0,30}?\b" + Orders + @"\b)", Options)]
    private static partial Regex Override();

    [GeneratedRegex(
        @"\G(\b(ignore|disregard|forget)\s{1,3}(about\s)?(all|everything|anything|what|whatever|every)\b[^.!?\n]{0,40}\b(above|before|previous(ly)?|prior|earlier|said|told|written|know|learned|taught|so far|up to now)\b" +
        @"|\b(ignore|disregard|forget)\s{1,3}(everything|all that|all of (that|this|it)|(all )?(the )?above|(the )?previous|your (rules|instructions|guidelines|programming|training)|that (nonsense|and|you))\b" +
        @"|(?<=(^|[.!?\n]\s{0,3}))stop ?[:!-]{1,2} ?(write|say|print|generate)\b|\ball ?previous\s{1,2}(instructions|prompts) are\b)", Options)]
    private static partial Regex OverrideEverything();

    [GeneratedRegex(
        @"\G(\bDAN\b[^.!?\n]{0,60}\b(do anything now|mode|prompt|stands for)\b|\bdo anything now\b|\b(developer|dev|jailbreak|jailbroken|god|sudo|debug|admin|opposite|evil|chaos) mode\b" +
        @"|\bjailbroken\b|(?<=\b(are|being|as|be|called|named|playing|emulate) [""“']?)(DAN|STAN|DUDE|AIM|ChatDAN)\b|\btwo (different )?(responses|answers|ways)\b[^.!?\n]{0,80}\b(normal|classic|standard|chatgpt|gpt)\b" +
        @"|\b(amoral|unfiltered|uncensored|unethical|unrestricted|unhinged|evil)\b[^.!?,\n]{0,20}\b(ai|bot|chatbot|assistant|character|model|persona|confidant|response|answer)s?\b" +
        @"|\b(act|acting|behave|respond|role ?-?play) as (if you (were|are) )?(a |an |the )?[^.!?\n]{0,40}\b(without|unrestricted|unfiltered|no (rules|limits|restrictions|filter))" +
        @"|\b(respond|answer|reply|speak)\b[^.!?\n]{0,30}\b(two|2) (different |separate |distinct )?(personalit\w{1,3}|personas?|styles|ways)\b|\btwo separate personas\b|\banything now\b)", Options)]
    private static partial Regex Persona();

    [GeneratedRegex(
        @"\G(\b(without|no|free from|free of|bypass(es|ing)?|not bound by|not have|doesn't have|don't have|freed from|broken free( of| from)?|lacks?)\b[^.!?\n]{0,30}\b((any|all|moral|ethical|legal|content|openai'?s?|typical|such|usual|safety)\s){1,3}(or (moral|ethical|legal)\s)?(restrict\w{1,6}|limit\w{0,8}|filter\w{0,4}|guidelines?|polic(y|ies)|rules|constraints?|boundar\w{1,4}|censor\w{1,5}|principles|code)\b" +
        @"|\b(no|any) (moral|ethic\w{0,3}|legal)[^.!?\n]{0,20}\b(restrictions?|limits|limitations|guidelines|boundaries|principles|constraints)\b" +
        @"|\bnever (refuse|say no|decline|reject)\b|(?<=\b(not|isn't|never|longer) )(bound|restricted|limited|controlled|constrained) by\b[^.!?\n]{0,60}\b(openai\w{0,2}|ethic\w{1,3}|moral\w{0,3}|polic\w{1,3}|restrictions|filters|content|guidelines|rules)\b" +
        @"|(?<=\b(have|has) (absolutely )?)no (restrictions|limitations|limits|filters?|boundaries)\b|\bfree(d|ing)?( itself| yourself)? (from|of) (all|your|any|the) (restrictions|confines|limits|limitations|chains|shackles)\b|\bopenai('s)? (rules|policies|policy|guidelines)[^.!?\n]{0,20}\b(don't|do not|no longer|not) apply\b" +
        @"|\b(turn|switch) off [^.!?\n]{0,20}\b(filters?|safeguards|safety|restrictions)\b|\b(cannot|can't|mustn't|won't|shouldn't|don't|not|never) (refuse|reject|decline|deny)\b|\bregardless of (how|whether|the) [^.!?\n]{0,30}\b(legal|illegal|moral|immoral|ethical|unethical|consequences|harmful)\b)", Options)]
    private static partial Regex NoLimits();

    [GeneratedRegex(
        @"\G(\b(repeat|reveal|print|show|tell|give|output|display|write|share|leak|expose|return|dump|list|state|disclose|provide|copy|recite|what (is|are|was|were)|what's)\b[^.!?\n]{0,40}?\b(" +
        @"(system|initial|original|hidden|secret|full|entire|complete|exact|first|previous|own|pre|starting|your|developer|above)\s(\w{1,12}\s)?(prompts?|instructions?|rules|guidelines|directives?|message|prompt texts?)|(words|text|everything|sentences?|content|prompt|instructions?) (above|before this|prior to)|prompt texts?)\b" +
        @"|\brepeat (everything|all|the words|the text)[^.!?\n]{0,20}\b(above|before)\b|\b(instructions|prompt) (are|is|were) ?: ?['""]|\brepeat [^.!?\n]{0,20}\bconversation\b[^.!?\n]{0,30}\bword for word\b|\b(paste|relay|show|encode|log)\b[^.!?\n]{0,50}\b(system ?prompt|system.?s? (parameters|configuration|instructions)|text you were given)\b|\bwhat (were|are) you (told|instructed|programmed)\b)", Options)]
    private static partial Regex PromptLeak();

    [GeneratedRegex(
        @"\G(<\|(im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)[^|\n]{0,10}\|>|\[/?INST\]|<</?SYS>>|(?<=(^|\n)\s{0,8})#{2,4} ?(instructions?|system|new instructions?|response)\b:?" +
        @"|</?(system|instructions?|system_prompt|admin)>|(?<=(^|\n)\s{0,8})\[?(system|admin|root)( message| prompt)?\]?\s?:|\[(system|admin)\]|#{2} ?begin (new )?instructions|\(?(system|admin|administrator) (override|message|note|prompt|update)\b\s{0,2}[:\]])", Options)]
    private static partial Regex Delimiter();

    [GeneratedRegex(
        @"\G(\b(send|forward|post|upload|e-?mail|transmit|exfiltrate|leak)\b[^.!?\n]{0,60}\b(conversation|chat history|inbox|e-?mails|passwords?|credentials|secrets?|api keys?|tokens|contacts|messages|files|documents|data|history)\b[^.!?\n]{0,60}(https?://|\S{1,40}@|\b(external|attacker|server|webhook)\b))", Options)]
    private static partial Regex Exfiltration();

    [GeneratedRegex(
        @"\G(\b(you are now|you're now|from now on|from this (point|moment)|you will (now )?(act|be|become|pretend|play|simulate|answer|respond)|you are (going|about) to (act|be|become|pretend|play|simulate|immerse)|pretend (to be|that you|you)|act as|roleplay|role-play|your new (role|name|task|identity)|i want you to (act|be|pretend|play|simulate)|your name is now|stay(ing)? in( your)? char(acter)?|jailbreak(ing)?|break(ing)? (out of )?character)\b)", Options)]
    private static partial Regex Role();

    [GeneratedRegex(
        @"\G(\b(important|new|urgent|critical) (update|instructions?|task|rules?|directive|order)s?\b\s{0,2}[:!.-]|\binstead,? (just |only |simply )?(say|print|write|output|respond|reply|answer|tell)\b|\b(only|just|simply) (say|print|output|respond with|reply with|answer with)\b|\bsafe ?(ty)? ?mode (is )?off\b|\b(now|then) (new|focus on)\b[^.!?\n]{0,20}\b(task|instructions?)\b|\bnew task\b|\bhypothetical response\b)", Options)]
    private static partial Regex NewInstruction();

    [GeneratedRegex(@"\G(\b(hello|hi|hey|ignore|as) ?,? chat ?gpt\b|\b(rules|polic(y|ies)) of openai\b|\bopenai'?s? (content )?(policy|policies|guidelines|rules)\b|\b(illegal|immoral|unethical)[^.!?\n]{0,40}\b(illegal|immoral|unethical|harmful|offensive|explicit)\b)", Options)]
    private static partial Regex ModelAddress();
}
