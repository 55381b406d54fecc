/** What only the plain pages say, in modern standard Arabic. */
import type { Piece } from '../../../ui/words/grammar.ts';
import type { PlainCatalogue } from './en.ts';

export const ar: PlainCatalogue = ({ many }) => ({
  needsNoScripts: (wholePage): Piece => [
    'لا تحتاج هذه الصفحة إلى برامج نصية. تجد المزيد في ',
    wholePage,
    '.',
  ],
  wholePage: 'الصفحة الكاملة',

  asTheyCome: 'الرسائل فور وصولها',
  withoutWaiting: 'دون انتظار',
  forTextBrowsers: (withoutWaiting): Piece => [
    withoutWaiting,
    '، للمتصفحات التي لا تعرض الصفحة إلا بعد اكتمالها',
  ],
  lookAgain: 'ابحث عن رسائل جديدة',
  earlier: 'رسائل سابقة',

  timesInUtc: 'الأوقات بالتوقيت العالمي المنسق.',
  comesByItself: 'تظهر الرسائل الجديدة من تلقاء نفسها.',
  newest: (count) =>
    many(count, {
      zero: 'لا رسائل.',
      one: 'أحدث رسالة.',
      two: 'أحدث رسالتين.',
      few: 'أحدث # رسائل.',
      many: 'أحدث # رسالة.',
      other: 'أحدث # رسالة.',
    }),
  leftOut: (count) =>
    many(count, {
      one: 'لم يُعرض هنا مدخل واحد، فقد كانت المدخلات كثيرة.',
      two: 'لم يُعرض هنا مدخلان، فقد كانت المدخلات كثيرة.',
      few: 'لم تُعرض هنا # مدخلات، فقد كانت كثيرة.',
      many: 'لم يُعرض هنا # مدخلًا، فقد كانت المدخلات كثيرة.',
      other: 'لم يُعرض هنا # مدخل، فقد كانت المدخلات كثيرة.',
    }),

  messageOf: (time) => `رسالة الساعة ${time}`,
  someMessage: 'رسالة سابقة',
  changed: (nick, message, text): Piece => ['عدّل ', nick, ' ', message, ': ', text],
  deleted: (nick, message): Piece => ['حذف ', nick, ' ', message],
  reacted: (nick, message, emoji): Piece => ['تفاعل ', nick, ' مع ', message, ' بالرمز ', emoji],
  tookBack: (nick, message, emoji): Piece => ['أزال ', nick, ' الرمز ', emoji, ' عن ', message],

  ended: {
    stopping: 'سيتوقف الخادم الآن، ثم يعود بعد لحظات.',
    openAgain: 'هذه الصفحة مفتوحة مرة أخرى.',
    unheard: 'هل ما زلت هنا؟',
    long: 'أصبحت هذه الصفحة طويلة.',
    broken: 'تعطّل جزء من الخادم.',
  },
  goOn: 'متابعة',
});
