/** What the emoji that people use most are called in German. */
export const names = `
😀 grinsen lachen ; 😃 fröhlich froh ; 😂 freudentränen lachen ; 🤣 schlapplachen lachen
😅 schwitzen puh ; 😊 erröten lächeln ; 😇 engel unschuldig ; 😉 zwinkern ; 🥰 verliebt liebe
😍 herzaugen liebe ; 🤩 sternenaugen wow ; 😘 kuss ; 😋 lecker ; 😜 zunge frech ; 🤪 verrückt
🤗 umarmung ; 🤫 leise geheim ; 🤔 nachdenken hm ; 🫡 salutieren jawohl ; 😐 neutral
🙄 augenrollen ; 😬 grimasse peinlich ; 😴 schlafen müde ; 😷 maske ; 🤒 fieber krank ; 🤢 übel
🤮 erbrechen ; 🥵 heiß hitze ; 🥶 frieren kalt ; 🤯 kopf_explodiert ; 🥳 feiern party
😎 sonnenbrille cool ; 🤓 streber ; 😕 verwirrt ; 😮 überrascht ; 😳 verlegen ; 🥺 bettelnd bitte
😢 weinen traurig träne ; 😭 heulen weinen ; 😱 schrei angst ; 😩 erschöpft müde ; 🥱 gähnen
😡 wütend zorn ; 😠 verärgert sauer ; 😈 teufel ; 💀 totenkopf tot ; 💩 haufen kacke ; 🤡 clown
👻 gespenst geist ; 👽 außerirdischer ; 🤖 roboter ; 🙈 nichts_sehen affe
👋 winken hallo tschüss ; 👌 perfekt ; ✌️ sieg frieden ; 🤞 daumen_drücken glück
👍 daumen_hoch gut ja ; 👎 daumen_runter schlecht nein ; ✊ faust ; 👏 klatschen applaus bravo
🙌 hände_hoch hurra ; 🤝 handschlag abgemacht ; 🙏 danke bitte beten ; 💪 stark muskel kraft
🧠 gehirn ; 👀 augen schauen ; 👶 baby ; 🤷 schulterzucken keine_ahnung ; 🤦 stirn_klatschen
🏃 laufen rennen ; 💃 tanzen ; 👪 familie ; 🐶 hund ; 🐱 katze ; 🐭 maus ; 🐰 hase kaninchen
🦊 fuchs ; 🐻 bär ; 🐼 panda ; 🦁 löwe ; 🐮 kuh ; 🐷 schwein ; 🐸 frosch ; 🐵 affe ; 🐔 huhn
🐧 pinguin ; 🐦 vogel ; 🦄 einhorn ; 🐝 biene ; 🦋 schmetterling ; 🐢 schildkröte langsam
🐍 schlange ; 🐠 fisch ; 🌹 rose ; 🌻 sonnenblume ; 🌳 baum ; 🍀 kleeblatt glück ; 🌍 erde welt
🌙 mond nacht ; ⭐ stern ; ✨ funkeln neu ; ⚡ blitz schnell ; ☄️ komet ; 💥 explosion knall
🔥 feuer heiß ; 🌈 regenbogen ; ☀️ sonne ; ☁️ wolke ; 🌧️ regen ; ❄️ schnee kalt ; 🌊 welle meer
🍎 apfel ; 🍌 banane ; 🍓 erdbeere ; 🍕 pizza ; 🍔 burger ; 🍞 brot ; 🧀 käse
🎂 geburtstag torte ; 🍫 schokolade ; 🍪 keks ; ☕ kaffee ; 🍵 tee ; 🍺 bier ; 🍻 prost ; 🍷 wein
⚽ fußball ; 🏀 basketball ; 🏆 pokal sieg ; 🎉 konfetti party feiern ; 🎈 luftballon
🎁 geschenk ; 🎄 weihnachten tannenbaum ; 🎨 kunst malen ; 🎵 musik note ; 🎮 spiel ; 🎲 würfel
🚗 auto ; 🚌 bus ; 🚲 fahrrad rad ; 🚂 zug bahn ; ✈️ flugzeug reise ; 🚀 rakete ; 🏠 haus zuhause
🏖️ strand urlaub ; 📱 handy ; 💻 laptop rechner ; 📷 kamera foto ; ⏰ wecker
⏳ sanduhr warten zeit ; 💡 idee glühbirne licht ; 💰 geld ; 🔧 schraubenschlüssel reparieren
🔒 schloss zu ; 🔑 schlüssel ; 📖 buch lesen ; 📝 notiz schreiben ; 🔍 lupe suche ; 🔔 glocke
✉️ brief post ; 📅 kalender termin ; 📌 pinnnadel ; 🗑️ papierkorb müll ; 👑 krone ; 🎓 abschluss
❤️ herz liebe ; 💔 gebrochenes_herz ; 💯 hundert ; 💤 schlaf ; ✅ erledigt fertig haken
❌ falsch nein kreuz ; ❓ frage ; ❗ ausrufezeichen ; ⚠️ achtung warnung ; 🚫 verboten
🆘 hilfe notruf
`;
