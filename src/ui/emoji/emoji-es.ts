/** What the emoji that people use most are called in Spanish. */
export const names = `
😀 sonrisa feliz ; 😃 alegre feliz ; 😂 lágrimas_de_risa risa ; 🤣 carcajada risa
😅 sudor alivio ; 😊 sonrojado feliz ; 😇 ángel inocente ; 😉 guiño ; 🥰 enamorado cariño
😍 ojos_de_corazón amor ; 🤩 ojos_de_estrella guau ; 😘 beso ; 😋 rico delicioso ; 😜 lengua broma
🤪 loco ; 🤗 abrazo ; 🤫 silencio secreto ; 🤔 pensar duda ; 🫡 saludo_militar ; 😐 neutral
🙄 ojos_en_blanco ; 😬 mueca ; 😴 dormir sueño ; 😷 mascarilla ; 🤒 fiebre enfermo
🤢 náuseas asco ; 🤮 vómito ; 🥵 calor ; 🥶 frío ; 🤯 cabeza_explotando ; 🥳 fiesta celebrar
😎 gafas_de_sol guay ; 🤓 empollón ; 😕 confundido ; 😮 sorpresa ; 😳 vergüenza
🥺 súplica por_favor ; 😢 llorar triste lágrima ; 😭 llanto llorar ; 😱 grito miedo ; 😩 cansado
🥱 bostezo aburrido ; 😡 enfado furia ; 😠 enojo ; 😈 diablo ; 💀 calavera muerto ; 💩 caca
🤡 payaso ; 👻 fantasma ; 👽 extraterrestre ; 🤖 robot ; 🙈 mono_no_veo mono
👋 hola adiós saludo ; 👌 perfecto ; ✌️ victoria paz ; 🤞 dedos_cruzados suerte
👍 pulgar_arriba bien sí ; 👎 pulgar_abajo mal no ; ✊ puño ; 👏 aplauso bravo
🙌 manos_arriba hurra ; 🤝 acuerdo apretón ; 🙏 gracias por_favor rezar ; 💪 fuerza músculo
🧠 cerebro ; 👀 ojos mirar ; 👶 bebé ; 🤷 ni_idea encogerse ; 🤦 palmada_en_la_cara ; 🏃 correr
💃 baile bailar ; 👪 familia ; 🐶 perro ; 🐱 gato ; 🐭 ratón ; 🐰 conejo ; 🦊 zorro ; 🐻 oso
🐼 panda ; 🦁 león ; 🐮 vaca ; 🐷 cerdo ; 🐸 rana ; 🐵 mono ; 🐔 gallina ; 🐧 pingüino ; 🐦 pájaro
🦄 unicornio ; 🐝 abeja ; 🦋 mariposa ; 🐢 tortuga lento ; 🐍 serpiente ; 🐠 pez ; 🌹 rosa
🌻 girasol ; 🌳 árbol ; 🍀 trébol suerte ; 🌍 tierra mundo ; 🌙 luna noche ; ⭐ estrella
✨ brillos nuevo ; ⚡ rayo rápido ; ☄️ cometa ; 💥 explosión ; 🔥 fuego ; 🌈 arcoíris ; ☀️ sol
☁️ nube ; 🌧️ lluvia ; ❄️ nieve ; 🌊 ola mar ; 🍎 manzana ; 🍌 plátano banana ; 🍓 fresa ; 🍕 pizza
🍔 hamburguesa ; 🍞 pan ; 🧀 queso ; 🎂 cumpleaños tarta ; 🍫 chocolate ; 🍪 galleta ; ☕ café
🍵 té ; 🍺 cerveza ; 🍻 brindis salud ; 🍷 vino ; ⚽ fútbol ; 🏀 baloncesto ; 🏆 trofeo ganar
🎉 confeti fiesta celebrar ; 🎈 globo ; 🎁 regalo ; 🎄 navidad ; 🎨 arte pintar ; 🎵 música nota
🎮 videojuego ; 🎲 dado ; 🚗 coche carro ; 🚌 autobús ; 🚲 bicicleta ; 🚂 tren ; ✈️ avión viaje
🚀 cohete ; 🏠 casa ; 🏖️ playa ; 📱 móvil teléfono ; 💻 ordenador computadora ; 📷 cámara
⏰ despertador ; ⏳ espera tiempo ; 💡 idea luz ; 💰 dinero ; 🔧 arreglar llave_inglesa
🔒 candado cerrado ; 🔑 llave ; 📖 libro leer ; 📝 nota escribir ; 🔍 buscar lupa ; 🔔 campana
✉️ carta correo ; 📅 calendario fecha ; 📌 chincheta ; 🗑️ basura papelera ; 👑 corona
🎓 graduación ; ❤️ corazón amor ; 💔 corazón_roto ; 💯 cien ; 💤 sueño ; ✅ hecho listo
❌ no error ; ❓ pregunta ; ❗ exclamación ; ⚠️ aviso cuidado ; 🚫 prohibido ; 🆘 socorro ayuda
`;
