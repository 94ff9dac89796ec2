namespace LlmKit.Text.Injection.Phrases;

/// <summary>English phrases that give the model another person, take its limits off or talk it into obeying.</summary>
internal static class PersonaPhrases
{
    public const string Table = """
        @act act acting behave respond responding answer reply roleplay roleplaying speak function operate simulate pretend imagine emulate play playing
        @limits restriction restrictions limit limits limitation limitations filter filters filtering guideline guidelines policy policies rules constraint
        @limits constraints boundary boundaries censorship censoring principles safeguards morals ethics inhibitions shackles warnings disclaimers
        @moral moral morals morality ethic ethics ethical legal legality openai openais safety content usual typical normal social
        @wrong illegal immoral unethical harmful offensive dangerous explicit inappropriate nsfw unlawful
        @free unfiltered uncensored unrestricted amoral unhinged unlimited limitless unbound jailbroken unchained

        [injection-persona 2]
        do anything now
        anything now
        you|youre|your are|re|is|name ~3 dan|stan|chatdan|evilbot|devmode|evilgpt
        {act} ~1 as|like|of|to|be ~2 dan|stan|chatdan|aim|dude
        dan mode|prompt|jailbreak|stands
        {act} ~4 dan ~6 chatgpt|gpt|ai|rules
        to jailbreak ~2 you|chatgpt|yourself|ai|model
        chatgpt|gpt|you|your|now|ai|enter|simulate|mode|with ~5 developer|dev|jailbreak|god|sudo|debug|admin|opposite|evil|chaos|unrestricted|unfiltered mode
        developer|jailbreak|god|sudo|unrestricted|unfiltered mode enabled|activated|output|engaged|unlocked|response
        jailbreak mode
        {free} ~3 ai|bot|chatbot|assistant|model|persona|confidant|language|mode|gpt|chatgpt
        {free} ~1 response|responses|answer|answers|output
        ai|bot|chatbot|model|persona|assistant|gpt|chatgpt ~6 {free}
        {act} ~2 as|like|be ~8 {free}
        you|youre are|will|must|can|now ~4 {free}
        evil|toxic|unethical|immoral|rebellious|malicious ~1 ai|bot|chatbot|assistant|confidant|persona|gpt
        two|2 ~2 responses|answers|ways|paragraphs|outputs|replies|messages ~16 normal|normally|classic|standard|chatgpt|gpt|regular|jailbreak|usual
        {act} ~5 two|2 ~1 personality|personalities|persona|personas|entities|characters|persons ~12 chatgpt|gpt|ai|unfiltered|rules|answers|answer
        two|2|dual|split|multiple separate|different|distinct personalities|personas
        opposite of ~3 what|how ~1 chatgpt|gpt|ai|openai|you
        {act}|respond|answer ~6 unlimited|unfiltered|uncensored ~2 language|ai|model
        freed|broken|break|escape|liberated|liberate ~2 from|of|out ~3 {limits}|confines|openai|chains|programming|jail|prison
        token|tokens|points|lives ~12 deducted|lose|lost|subtracted|removed|die ~12 reject|refuse|character|answer|fail|question
        reject|refuse|fail|break|character|answer ~12 lose|deducted|deduct|subtract ~4 token|tokens|points|lives|life

        [injection-no-limits 2]
        without|no|zero|free|ignoring|ignore|bypass|bypasses|bypassing|disregarding|lacks|lack|removes|ignores|violating ~3 {moral} ~1 {moral}|or|and|{limits} ~2 {limits}|concerns|considerations|standards|code|compass|boundaries|norms
        without|no|zero|ignoring|bypass|bypasses|bypassing|disregarding|lacks|violating ~2 moral|ethical|openai|openais|safety ~1 {limits}|code|compass|standards
        {act}|ai|bot|chatbot|assistant|model|response|responses|answers|prompt|gpt|mode ~8 without|no|zero|lacks|lacking ~2 {limits}
        you|you're ~4 without|no|zero ~2 {limits}
        ai|bot|chatbot|assistant|model|gpt|you|he|she|it|who ~3 has|have|had|with|having ~1 no|zero ~2 {limits}|filter
        never|not|cannot|cant|wont|mustnt|shouldnt|dont|doesnt|without ~1 refuse|refuses|refusing|reject|rejects|decline|declines|deny|denies|refusal ~4 request|requests|question|questions|answer|prompt|prompts|order|orders|instruction|user|task|tasks|anything|command|demand|disclaimers|or|to
        never|not|cannot|wont ~1 refuse|reject|decline|denies|deny|refuses
        never ~2 say|says|saying ~1 no|sorry|cannot|cant
        not|never|isnt|arent|no|longer ~2 bound|restricted|limited|controlled|constrained|governed|confined by|to|with ~6 openai|openais|{limits}|{moral}|content|law|laws|typical
        doesnt|dont|not|never|wont ~1 care|follow|abide|adhere|comply|obey|have ~4 {moral} ~2 {limits}|code|standards|principles|norms
        doesnt|dont|not|never|no|zero care|cares|caring ~4 ethics|ethical|morals|morality|legality|moral|legal|law|laws|consequences
        no ~1 matter ~4 how ~2 {wrong}|bad
        regardless|irrespective of ~6 {wrong}|legality|morality|ethics|ethical|moral|consequences|legal|law
        even if ~6 {wrong} ~3 {wrong}
        no|any ~1 concern|regard|respect ~3 legality|ethics|morality|morals|law|legal|ethical
        {wrong} or|and ~1 {wrong} ~2 request|requests|responses|answer|answers
        openai|openais policy|policies|guidelines|rules|restrictions ~4 not|dont|no|doesnt apply|matter|exist
        turn|switch ~1 off ~4 filter|filters|safeguards|safety|restrictions|censorship|moderation
        disable|deactivate|bypass|circumvent|evade|remove|bypassing|override|unlock|lift|break ~2 your|its|all|openais|openai|chatgpts ~3 {limits}|safety|moderation|filter|restriction|protocols
        ignores|ignore|break|breaks|violate|violates|against|defy|breaking ~3 openai|openais|chatgpts ~3 {limits}|policy|tos
        all|everything|anything is legal|allowed|permitted|possible
        fiction|fictional|hypothetical|simulation|simulated ~8 no ~1 {limits}|laws|rules|ethics|consequences
        policies|rules|guidelines|filters|restrictions|limits|safeguards|ethics ~4 have|has|are|were|is|been ~1 removed|lifted|disabled|off|bypassed|deactivated

        [injection-role 1]
        you are|re now
        youre now
        from now|this|here ~1 on|point|moment|forward|onward
        you will ~2 act|be|become|pretend|play|simulate|answer|respond|reply|take|impersonate|serve
        you are|re going|about to ~1 act|be|become|pretend|play|simulate|immerse|respond
        pretend ~1 to be|you|that
        act|acting|act: as|like|as:
        act as|like|out
        roleplay|roleplaying|impersonate|personify|immerse
        role play|playing
        your new ~1 role|name|identity|personality
        i want|need|would you to ~1 act|be|pretend|play|simulate|become|respond|answer|imagine|be
        id|would like you to ~2 act|pretend|simulate|become
        take on ~1 role|persona|personality|identity
        your name is
        you must|should|shall always|never|only|answer|respond|act|obey|comply
        your responses|answers|replies should|must|will
        stay|staying|remain|remaining|keep|stays|remains ~2 in ~1 character|role|roles|persona
        break|breaking|breaks|leave ~2 character|role
        ^you are ~6 ai|bot|chatbot|assistant|model|gpt|program|machine|system

        [injection-character 1]
        jailbreak|jailbroken|jailbreaking|jailbreaks
        {wrong} ~2 {wrong} ~3 {wrong}
        developer|dev|god|sudo|debug|opposite|evil|chaos mode
        say|reply|respond|answer|type ~4 if you understand|understood
        do you understand
        confirm ~4 understand|understood
        say ~3 understood|ok|okay ~4 understand|continue
        nsfw
        as ~2 would ~1 in ~1 real
        always answer|answers|respond|responds|comply|complies|obey|obeys ~8 question|questions|prompt|prompts|request|requests|user|exactly|without
        user: ~30 ai:|bot:|assistant:|chatgpt:|gpt:
        sorry ~1 but i cannot|cant|can
        as an ai ~1 language|model|assistant
        never|not|dont|without ~2 say|mention|mentioning|saying|state|include|including|add|apologize|apologise|give|explain|explaining ~5 ai|openai|chatgpt|apologies|sorry|warning|warnings|disclaimer|disclaimers|explanations|ethical

        [injection-model-address 1]
        hello|hi|hey|ok|okay|dear|greetings|alright ~1 chatgpt|gpt|gpt4|bard|claude|gemini|llama|bing|copilot
        ignore|as chatgpt
        chatgpt|openai|gpt ~1 would|cannot|cant|can|normally|follows|doesnt|does|never|developers|engineers|itself|now|will|is|has
        policies|policy|rules of openai
        openai|openais ~1 policy|policies|guidelines|rules|restrictions|tos|terms
        trained|created|developed|made by openai
        you ~2 chatgpt
        """;
}
