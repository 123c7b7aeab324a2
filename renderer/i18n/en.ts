import { maxCartLines } from '../../domain/cart/cart.ts';
import { counted } from './counted.ts';
import type { BaseWords } from './words.ts';

const pieces = (count: number) => counted(count, 'item');

export const en: BaseWords = {
  language: { title: 'Choose your language', switchTo: '中文', larger: 'Larger text', smaller: 'Standard text' },
  common: { back: 'Back', done: 'Done', free: 'Free', total: 'Total', each: (price) => `${price} each` },
  starting: { title: 'Just a moment', text: 'We are getting everything ready for you.' },
  outOfService: { title: 'Taking a break', text: 'This kiosk is resting. Please use the one beside it, or ask at the counter. Sorry for the trouble.' },
  paused: { title: 'Paused, back soon', text: 'Please use the kiosk beside this one, or ask at the counter. Thank you for your patience.' },
  home: {
    title: 'What can we get you?',
    business: { goods: 'Everyday goods', telecom: 'Mobile services', food: 'Fresh food' },
    motto: { goods: 'Choose it, take it, go', telecom: 'Top-ups, data and plans, done here', food: 'Made to order, called by number' },
    cardPaused: 'Cards can’t be used right now. Free services go on as usual.',
    leave: 'Exit',
  },
  offers: {
    businesses: 'Businesses', categories: 'Categories', soldOut: 'Sold out', left: (count) => `Only ${count} left`, addOne: (name) => `Add one ${name}`, inCart: (count) => `${count} in your order`,
    cartFull: (most) => `One order holds ${most} different items, and yours is full. Please check out first, or remove a few.`,
  },
  offer: {
    pickOne: 'Choose one', pickUpTo: (max) => `Choose up to ${max}`, pickAtLeast: (min, max) => `Choose ${min} to ${max}`, pickExactly: (count) => `Choose ${count}`, pickMissing: 'Please choose here first', moreBelow: 'More below', toTop: 'Back to the top',
    quantity: 'Quantity', fewer: 'One fewer', more: 'One more', most: (count) => `${count} at most`,
    phone: 'Mobile number', phoneHint: 'Enter the 11-digit number', phoneMissing: 'Please enter the whole number', phoneInvalid: 'Numbers start with 13 to 19. Please check', phoneGood: 'Please check that it is right',
    clear: 'Clear', erase: 'Delete one digit', keypad: 'Number pad',
    add: (total) => `Add to order ${total}`, addFree: 'Add to order, free', keep: (total) => `Save changes ${total}`, keepFree: 'Save changes',
  },
  cart: {
    title: 'Your order', empty: 'Nothing chosen yet', emptyText: 'Have a look around. One tap adds what you like.', view: (count, total) => `View order, ${pieces(count)}, ${total}`, count: pieces,
    checkOut: 'Check out', change: (name) => `Change ${name}`, remove: (name) => `Remove ${name}`, fewer: (name) => `One fewer ${name}`, more: (name) => `One more ${name}`,
    added: (name, count) => `${name} added, ${pieces(count)} in all`, keepShopping: 'Keep looking',
  },
  checkout: {
    title: 'Check your order', taxIncluded: (percent, tax) => `Includes ${percent} tax ${tax}`, noTax: 'Free of charge, nothing to pay', pay: (total) => `Pay ${total}`, confirmFree: 'Confirm order',
    placing: 'Placing your order…', trouble: 'The order did not go through, and nothing was charged. Please try again.',
    byCard: { title: 'Pay by card', text: 'Tap, insert or swipe' }, nothingToPay: { title: 'Nothing to pay', text: 'Done as soon as you confirm' }, paper: { title: 'Paper receipt and e-receipt', text: 'Printed after you pay; a code for your phone as well' },
    noPaper: { title: 'E-receipt', text: 'No paper right now: scan the code on the screen to keep it' }, cardUnavailable: { title: 'Cards can’t be used right now', text: 'Please wait a little, or take the free services only' },
    cardHeld: { title: 'One moment, please', text: 'An earlier payment is being checked; cards work right after' }, paused: 'Can’t pay yet',
    priceChanged: (before, now) => `A price has just changed: the total was ${before} and is now ${now}.`, totalChanged: (before, now) => `The total was ${before} and is now ${now}.`,
  },
  refusals: {
    title: (count) => (count === 1 ? 'One thing to change' : 'A few things to change'), something: 'One item',
    suggestion: {
      set_quantity: (count) => `Take ${count}`, remove_line: () => 'Remove it', choose_options: () => 'Choose again', fill_in: () => 'Fill in', accept_total: (total) => `Continue with ${total}`,
      choose_dining: () => 'Eat in or take away', keep_free: () => 'Keep only what is free', call_staff: () => 'Call our staff', keep_shopping: () => 'Go back',
    },
  },
  scan: {
    sold_out: (name) => `${name} is sold out. Have a look at the rest.`, no_more: (name) => `Your order already holds as much ${name} as it may.`, cart_full: (name) => `One order holds ${maxCartLines} different items; ${name} does not fit. Please check out first, or remove a few.`,
    unknown_product: () => 'This item is not sold here. Have a look at the rest.', unknown_code: () => 'This code is not used here. Please scan the barcode on an item.',
    pickup_code: () => 'This is a receipt or pickup code. Please show it at the pickup hatch or the counter.', staff_card: () => 'This is a staff card. Shopping goes on as usual.',
    payment_code: () => 'This kiosk takes bank cards only for now. Your payment code was not used, and nothing was charged to it.',
    payment_code_away: () => 'Paying by phone is not possible right now. Your code was not used, and nothing was charged to it. Please pay by card, or try again later.',
    payment_code_early: () => 'Not yet: your code was not used. Choose your things and tap how to pay, then hold your payment code here.',
    payment_code_card: () => 'We are waiting for your card, and your code was not used. To pay by phone, cancel the card payment first.',
    payment_code_of_away: (name) => `${name} is not possible right now. Your code was not used, and nothing was charged to it. Please pay another way.`,
    payment_code_of_none: (name) => `${name} is not taken here. Your code was not used, and nothing was charged to it. Please pay another way.`,
  },
  leave: { title: 'Leave now?', text: 'What you have chosen will be cleared.', stay: 'Stay here', go: 'Clear and leave' },
  idle: { title: 'Are you still there?', text: (seconds) => `Everything is cleared in ${counted(seconds, 'second')}`, stay: 'I need more time', go: 'Finish' },
  pay: {
    amount: 'To pay',
    title: {
      starting: 'Connecting to the card terminal…', present_card: 'Tap, insert or swipe your card', enter_pin: 'Enter your PIN on the terminal', contacting_bank: 'Contacting your bank…', remove_card: 'Please take your card',
      declined: 'This card was not accepted', reversing: 'Taking the payment back…', please_wait: 'One moment…',
    },
    text: {
      starting: 'Please have your card ready.', present_card: 'A card or a phone, both are fine.', enter_pin: 'Cover the keys with your hand, then press OK.', contacting_bank: 'We’ll tell you as soon as it answers.', remove_card: 'Don’t leave it behind.',
      declined: 'Nothing was charged. You can use another card.', reversing: 'You will not be charged.', please_wait: 'The terminal is working on it.',
    },
    place: { below: 'The card terminal is below the screen', right: 'The card terminal is to the right', left: 'The card terminal is to the left' }, patience: 'This usually takes 10 to 30 seconds. Please stay here.',
    longPatience: 'This is taking longer than usual. You can keep waiting, or cancel the payment.', onlyPatience: 'This is taking longer than usual. Please wait a little more.',
    cancel: 'Cancel payment', cancelling: 'Cancelling…', beingCancelled: { title: 'Cancelling the payment…', text: 'Please don’t use your card now. If it was already accepted, you will see the result here.' },
    due: {
      none: { title: 'Ready to pay', text: 'Start again when your card is ready.' }, declined: { title: 'This card was not accepted', text: 'Nothing was charged. You can try another card.' }, cancelled: { title: 'Payment cancelled', text: 'Nothing was charged, and your order is still here.' },
      terminal_unavailable: { title: 'The card terminal did not answer', text: 'Nothing was charged. Please wait a moment and try again.' }, not_paid: { title: 'This payment did not go through', text: 'We checked: nothing was charged. You can try again.' },
    },
    declinedOften: { title: 'Try another way?', text: 'Nothing was charged. The same card will most likely be declined again. Use a different card, or give up the order and ask our staff at the counter.' },
    trouble: { title: 'The payment did not start', text: 'Nothing was charged. Please try again.' },
    again: (total) => `Try again ${total}`, otherCard: (total) => `Use another card ${total}`, change: 'Change order', giveUp: 'Give up order', giving: 'Cancelling the order…',
    unknown: {
      title: 'Checking this payment', text: 'We are asking the card terminal what happened. Please don’t pay again. You can wait here, or leave and follow it with the code.', number: 'Your order number', scan: 'Scan to follow the payment', leave: 'Leave now',
    },
  },
  result: {
    paid: 'Paid, thank you', free: 'All done', refunded: 'Refunded', number: 'Pickup number', orderNumber: 'Order number', whereTitle: { goods: 'Pickup hatch', telecom: 'Your request', food: 'Food counter' },
    where: { goods: 'Take your goods from the hatch below the screen', telecom: 'Request sent; scan the receipt’s code to see the result', food: 'Freshly made; we call your number at the counter' }, whereUnknown: 'Show your number at the counter',
    receipt: { none: 'Scan to keep your receipt', waiting: 'No paper right now: scan to keep your receipt', printing: 'Printing your receipt…', printed: 'Please take your receipt', on_screen_only: 'Scan to keep your receipt' },
    scan: 'E-receipt', scanInstead: 'Scan with your phone to keep your receipt', qr: 'QR code of your e-receipt',
  },
};
