/** What the emoji that people use most are called in French. */
export const names = `
😀 sourire content ; 😃 joyeux content ; 😂 pleurer_de_rire rire mdr ; 🤣 mort_de_rire rire mdr
😅 sueur soulagé ; 😊 rougir sourire ; 😇 ange innocent ; 😉 clin_d_œil ; 🥰 amoureux amour
😍 yeux_en_cœur amour ; 🤩 yeux_étoilés waouh ; 😘 bisou ; 😋 miam délicieux ; 😜 langue blague
🤪 fou ; 🤗 câlin ; 🤫 chut secret ; 🤔 réfléchir hum ; 🫡 salut_militaire ; 😐 neutre
🙄 yeux_au_ciel ; 😬 grimace gêne ; 😴 dormir fatigué ; 😷 masque ; 🤒 fièvre malade ; 🤢 nausée
🤮 vomir ; 🥵 chaud chaleur ; 🥶 froid ; 🤯 tête_qui_explose ; 🥳 fête fêter
😎 lunettes_de_soleil cool ; 🤓 intello ; 😕 perplexe ; 😮 surprise ; 😳 gêné ; 🥺 pitié
😢 triste pleurer larme ; 😭 sanglot pleurer ; 😱 cri peur ; 😩 épuisé ; 🥱 bâiller ennui
😡 furieux colère ; 😠 fâché ; 😈 diable ; 💀 crâne mort ; 💩 caca ; 🤡 clown ; 👻 fantôme
👽 extraterrestre ; 🤖 robot ; 🙈 singe_ne_voit_rien singe ; 👋 bonjour coucou salut ; 👌 parfait
✌️ victoire paix ; 🤞 doigts_croisés chance ; 👍 pouce_levé bien oui ; 👎 pouce_baissé mal non
✊ poing ; 👏 applaudir bravo ; 🙌 mains_levées hourra ; 🤝 accord poignée_de_main
🙏 merci prière ; 💪 force muscle ; 🧠 cerveau ; 👀 yeux regarder ; 👶 bébé ; 🤷 aucune_idée
🤦 se_frapper_le_front ; 🏃 courir ; 💃 danser ; 👪 famille ; 🐶 chien ; 🐱 chat ; 🐭 souris
🐰 lapin ; 🦊 renard ; 🐻 ours ; 🐼 panda ; 🦁 lion ; 🐮 vache ; 🐷 cochon ; 🐸 grenouille
🐵 singe ; 🐔 poule ; 🐧 pingouin ; 🐦 oiseau ; 🦄 licorne ; 🐝 abeille ; 🦋 papillon
🐢 tortue lent ; 🐍 serpent ; 🐠 poisson ; 🌹 rose ; 🌻 tournesol ; 🌳 arbre ; 🍀 trèfle chance
🌍 terre monde ; 🌙 lune nuit ; ⭐ étoile ; ✨ étincelles nouveau ; ⚡ éclair rapide ; ☄️ comète
💥 explosion ; 🔥 feu ; 🌈 arc_en_ciel ; ☀️ soleil ; ☁️ nuage ; 🌧️ pluie ; ❄️ neige froid
🌊 vague mer ; 🍎 pomme ; 🍌 banane ; 🍓 fraise ; 🍕 pizza ; 🍔 hamburger ; 🍞 pain ; 🧀 fromage
🎂 anniversaire gâteau ; 🍫 chocolat ; 🍪 biscuit ; ☕ café ; 🍵 thé ; 🍺 bière ; 🍻 santé tchin
🍷 vin ; ⚽ football ; 🏀 basket ; 🏆 trophée gagner ; 🎉 cotillons fête ; 🎈 ballon ; 🎁 cadeau
🎄 noël sapin ; 🎨 art peinture ; 🎵 musique note ; 🎮 jeu_vidéo ; 🎲 dé ; 🚗 voiture ; 🚌 bus
🚲 vélo ; 🚂 train ; ✈️ avion voyage ; 🚀 fusée ; 🏠 maison ; 🏖️ plage vacances
📱 portable téléphone ; 💻 ordinateur ; 📷 photo appareil ; ⏰ réveil ; ⏳ sablier attendre temps
💡 idée ampoule ; 💰 argent ; 🔧 clé_anglaise réparer ; 🔒 cadenas fermé ; 🔑 clé ; 📖 livre lire
📝 note écrire ; 🔍 loupe chercher ; 🔔 cloche ; ✉️ lettre courrier ; 📅 calendrier date
📌 punaise ; 🗑️ corbeille poubelle ; 👑 couronne ; 🎓 diplôme ; ❤️ cœur amour ; 💔 cœur_brisé
💯 cent ; 💤 sommeil ; ✅ fait coche ; ❌ non faux croix ; ❓ question ; ❗ exclamation
⚠️ attention ; 🚫 interdit ; 🆘 secours aide
`;
